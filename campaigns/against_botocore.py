"""Compares algolint's structural errors with botocore's own ParamValidator, case by case.

    python -m campaigns.against_botocore --count 100000 --seed 1

Both validate each case at five revisions; botocore gets the shapes from the wheel of that version. algolint
must report every error of botocore at the same parameter, for the same reason. This applies to the structural
rules by themselves; with all rules, there must be an error of any rule.

Errors that only algolint reports must follow from a constraint in the wheel's shapes that ParamValidator does
not check (an enum, a pattern, a maximum, the range of a type), from a field that only responses have, or from
a boolean in place of an integer, which Python accepts. The constraint is looked up in the wheel, not in
algolint's table. Exits with 1 at the first unexplained kind of difference.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import regex
from botocore.model import ShapeResolver
from botocore.validate import ParamValidator

from algolint import values
from algolint.aws.model import REQUEST, Model
from algolint.linting.linter import Linter
from algolint.rule import Problem
from algolint.rule_files import first_party_rules
from algolint.testing import problems
from campaigns import requests

#: The newest wheel, and four older ones.
WHEELS = ("1.44.5", "1.35.52", "1.34.53", "1.29.150", "1.12.55")
_MODELS = Path(__file__).parent.parent / "tests" / "models"

#: botocore's errors, and the rules for the same.
_SAME: dict[str, frozenset[str]] = {
    "missing required field": frozenset({"missing-field"}),
    "unknown field": frozenset({"unknown-field", "newer-than-target"}),
    "invalid type": frozenset({"wrong-type"}),
    # For an integer, false is 0 in Python, and so below a minimum of 1.
    "invalid range": frozenset({"number-range", "wrong-type"}),
    # If a text has another form as well, only that is reported.
    "invalid length": frozenset({"string-length", "item-count", "pattern-mismatch"}),
}
_ENUM_RULES = frozenset(
    {"unknown-value", "unknown-instance-type", "instance-wrong-role", "newer-than-target"}
)


class Wheel:
    """The shapes of one botocore release, and a validator for them."""

    def __init__(self, version: str) -> None:
        self.version = version
        text = (_MODELS / f"botocore-{version}.json").read_text(encoding="utf-8")
        self.shapes: dict[str, Any] = json.loads(text)
        self._input = ShapeResolver(self.shapes).get_shape_by_name(REQUEST)
        self._validator = ParamValidator()

    def errors(self, spec: Any) -> set[tuple[str, str]]:
        """Return the errors of botocore: (reason, parameter)."""
        found = set()
        for reason, name, more in self._validator.validate(spec, self._input)._errors:
            found.add((reason, f"{name}.{more['unknown_param']}" if reason == "unknown field" else name))
        return found

    def shape_at(self, spec: Any, path: values.Path) -> tuple[dict[str, Any], Any]:
        """Return the shape of the value at a path, and the value, or those of the key if only it has a shape."""
        shape = self.shapes[REQUEST]
        for step in path:
            match shape["type"]:
                case "structure":
                    shape = self.shapes[shape["members"][step]["shape"]]
                case "list":
                    shape = self.shapes[shape["member"]["shape"]]
                case _:
                    shape = self.shapes[shape["value"]["shape"]]
            spec = spec[step]
        return shape, spec


def parameter(path: values.Path) -> str:
    """Return a path as botocore writes it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def locations(rule: str, problem: Problem) -> set[str]:
    """Return the parameters, in botocore's form, that a problem may refer to."""
    names = {parameter(problem.path)}
    if rule == "missing-field" and problem.path:
        # A misspelt field counts as absent at its key.
        names.add(parameter(problem.path[:-1]))
    if problem.is_key and problem.path:
        names.add(f"{parameter(problem.path[:-1])} (key: {problem.path[-1]})")
    return names


def explanation(wheel: Wheel, spec: Any, rule: str, problem: Problem) -> str | None:
    """Return why algolint rejects what botocore accepts, from the wheel's shapes, or None."""
    path = problem.path
    if rule == "unknown-field":
        holder, _ = wheel.shape_at(spec, path[:-1])
        # botocore's model does not mark them; the reference states that the service sets them.
        selected = {"SelectedInstanceType", "SelectedInstanceCount"}
        return "only in responses" if path[-1] in selected & holder["members"].keys() else None
    shape, value = wheel.shape_at(spec, path)
    if problem.is_key and path:
        holder, _ = wheel.shape_at(spec, path[:-1])
        if holder["type"] == "map" and rule not in ("missing-field", "item-count"):
            shape, value = wheel.shapes[holder["key"]["shape"]], path[-1]
    if rule in _ENUM_RULES:
        return "enum" if "enum" in shape and value not in shape["enum"] else None
    if rule == "pattern-mismatch":
        return None if _matches(shape["pattern"], value) else "pattern"
    if rule == "number-range" and "max" not in shape:
        bits = 63 if shape["type"] == "long" else 31
        return None if -(2**bits) <= value < 2**bits else f"range of {shape['type']}"
    if rule in ("string-length", "item-count", "number-range"):
        size = value if isinstance(value, int) else len(value)
        return "maximum" if "max" in shape and size > shape["max"] else None
    if rule == "wrong-type" and isinstance(value, bool) and shape["type"] in ("integer", "long"):
        return "boolean for an integer"
    return None


def _matches(pattern: str, text: str) -> bool:
    """Whether a text matches a raw pattern of the wheel in full, with another engine than algolint's."""
    if "." in pattern and re.search("[\r\x85\u2028\u2029]", text):
        # The service's `.` does not match these, but this engine's does.
        return False
    flags = 0 if r"\p{" in pattern else regex.ASCII
    return regex.fullmatch(pattern, text, flags=flags) is not None


def run(count: int, seed: int) -> int:
    """Run the campaign and print its figures."""
    started = time.perf_counter()
    cases = rejected_by_both = accepted_by_both = errors = missed = 0
    explained: Counter[str] = Counter()
    differences: dict[str, str] = {}
    rules = first_party_rules()
    for wheel in map(Wheel, WHEELS):
        model = Model(wheel.version)
        linter, whole = Linter(model, []), Linter(model, rules)
        dice = random.Random(f"{seed} {wheel.version}")
        for is_valid, spec in requests.cases(dice, model, -(-count // len(WHEELS))):
            cases += 1
            theirs = wheel.errors(spec)
            ours = [
                (rule.name, problem, locations(rule.name, problem))
                for rule, problem in problems(linter, spec, REQUEST, yaml=False)
            ]
            errors += len(theirs)
            found = _differences(wheel, spec, ours, theirs, explained)
            found += _silenced(whole, spec, theirs)
            missed += sum(kind.startswith(("missed", "silenced")) for kind, _ in found)
            for difference, what in found:
                differences.setdefault(difference, f"{wheel.version}: {what}\n  {json.dumps(spec)[:2000]}")
            if is_valid and (theirs or ours):
                differences.setdefault("a valid request is rejected", f"{wheel.version}: {theirs} {ours}")
            rejected_by_both += bool(theirs) and bool(ours)
            accepted_by_both += not theirs and not ours
    print(f"seed {seed}: {cases} cases at botocore {', '.join(WHEELS)}")
    print(f"rejected by both {rejected_by_both}, accepted by both {accepted_by_both}")
    print(f"rejected by algolint alone {cases - rejected_by_both - accepted_by_both}")
    print(f"errors of botocore {errors}; of them algolint missed {missed}")
    for reason, number in explained.most_common():
        print(f"errors of algolint alone: {number} {reason}")
    print(f"unexplained kinds of difference: {len(differences)}; {time.perf_counter() - started:.0f} s")
    for difference, example in differences.items():
        print(f"\n{difference}\n  {example}")
    return 1 if differences else 0


def _differences(
    wheel: Wheel,
    spec: Any,
    ours: list[tuple[str, Problem, set[str]]],
    theirs: set[tuple[str, str]],
    explained: Counter[str],
) -> list[tuple[str, str]]:
    """Return errors of one validator that the other neither reports nor explains, as (kind, description)."""
    different = []
    hidden = [
        name for rule, problem, names in ours if rule == "unknown-field" for name in names if problem.path
    ]
    for reason, name in theirs:
        if any(rule in _SAME[reason] and name in names for rule, _, names in ours):
            continue
        if any(name.startswith(f"{above}.") or name == above for above in hidden):
            # The value of a field that is not allowed does not matter.
            explained["in a field that only responses have (said by botocore)"] += 1
            continue
        different.append((f"missed: {reason}", name))
    for rule, problem, names in ours:
        if any(rule in _SAME[reason] and name in names for reason, name in theirs):
            continue
        why = explanation(wheel, spec, rule, problem)
        if why is None:
            different.append((f"unexplained: {rule}", repr(problem)))
        else:
            explained[why] += 1
    return different


def _silenced(whole: Linter, spec: Any, theirs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return errors of botocore for which the whole set of rules reports no error."""
    if not theirs:
        return []
    reported_by = set()
    for rule, problem in problems(whole, spec, REQUEST, yaml=False):
        if (problem.severity or rule.severity) == "error":
            reported_by |= locations(rule.name, problem)
    return [
        (f"silenced: {reason}", name)
        for reason, name in theirs
        if name not in reported_by and not any(name.startswith(f"{above}.") for above in reported_by if above)
    ]


def main() -> int:
    """Run the command line."""
    options = requests.options("Compares algolint with botocore's ParamValidator.", 100_000).parse_args()
    return run(options.count, options.seed)


if __name__ == "__main__":
    sys.exit(main())
