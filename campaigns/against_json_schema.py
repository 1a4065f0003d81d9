"""Compares algolint's structural verdict with that of JSON Schema validators, using `algolint schema`.

    python -m campaigns.against_json_schema --count 10000 --seed 1 --ajv

Each case is validated by algolint, by Python's jsonschema and, with --ajv, by ajv in Node: an ECMAScript
engine, which compiles the patterns with the flag `u`. ajv is installed from the npm registry into a temporary
folder, unless NODE_PATH has it. The same number of texts is validated by the pattern and length of a shape
only.

Two differences are intended and counted separately. In JSON Schema 3600.0 is an integer, but not for the AWS
clients. A well-formed instance type of an unknown family is a warning of algolint, and counts as rejected,
since a schema has no warnings.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import regex
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from algolint.aws.model import REQUEST, Model
from algolint.linting.linter import Linter
from algolint.spec import json_schema
from algolint.testing import problems
from campaigns import requests

#: The newest revision and two older ones.
REVISIONS = ("latest", "1.35.52", "1.29.150")

#: Findings that are not structural: a schema accepts a placeholder or an example's account.
_NOT_OF_STRUCTURE = frozenset(
    {"placeholder-left-in", "duplicate-key", "invalid-syntax", "not-an-algorithm", "unrecognised-spec"}
)


def rejects(linter: Linter, spec: Any, shape: str = REQUEST, *, yaml: bool = False) -> bool:
    """Whether algolint finds a structural error; its linter only has the structural rules."""
    found = problems(linter, spec, shape, yaml=yaml)
    return any(
        rule.name not in _NOT_OF_STRUCTURE
        and (rule.name == "unknown-instance-type" or (problem.severity or rule.severity) == "error")
        for rule, problem in found
    )


def has_whole_float(value: Any) -> bool:
    """Whether a spec has a number such as 3600.0, which is an integer in JSON Schema."""
    match value:
        case float():
            return value.is_integer()
        case dict():
            return any(map(has_whole_float, value.values()))
        case list():
            return any(map(has_whole_float, value))
    return False


# ---------------------------------------------------------------- the validators


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Any:
    r"""The keyword `pattern` with the regex module: `re` has no \p{…}, and its `$` allows a line break."""
    if isinstance(instance, str) and not regex.search(f"{pattern[:-1]}\\Z", instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Validator = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


def jsonschema_judge(schema: dict[str, Any]) -> Callable[[Any], bool]:
    """Return a function that tests whether Python's jsonschema accepts a spec."""
    # The metaschema's format `regex` is checked by `re`, which has no \\p{…}.
    Draft202012Validator.check_schema(schema, format_checker=FormatChecker(formats=()))
    is_valid: Callable[[Any], bool] = _Validator(schema).is_valid
    return is_valid


_AJV_SCRIPT = """
const Ajv = require('ajv/dist/2020');
const lines = require('fs').readFileSync(0, 'utf8').split('\\n');
const ajv = new Ajv({unicodeRegExp: true, strict: true, strictTypes: false});
ajv.addKeyword('markdownDescription');
const validate = ajv.compile(JSON.parse(lines[0]));
console.log(lines.slice(1).map(line => validate(JSON.parse(line)) ? 1 : 0).join(''));
"""


def ajv_verdicts(schema: dict[str, Any], specs: list[Any], node_path: str) -> list[bool]:
    """Return whether ajv accepts each of some specs."""
    text = "\n".join(json.dumps(value) for value in (schema, *specs))
    done = subprocess.run(
        ["node", "-e", _AJV_SCRIPT],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NODE_PATH": node_path},
    )
    return [verdict == "1" for verdict in done.stdout.strip()]


def ajv_found() -> bool:
    """Whether node is installed and NODE_PATH has ajv."""
    if not shutil.which("node"):
        return False
    done = subprocess.run(["node", "-e", "require('ajv/dist/2020')"], capture_output=True, check=False)
    return done.returncode == 0


def install_ajv(folder: str) -> str:
    """Install ajv into a folder, and return the NODE_PATH for it."""
    command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", folder, "ajv@8"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return str(Path(folder) / "node_modules")


# ---------------------------------------------------------------- the campaign


def of_texts(schema: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Return a schema of objects whose keys are names of shapes, and whose values are texts of these shapes."""
    properties = {name: {"$ref": f"#/$defs/{name}"} for name in names}
    return {"$schema": json_schema.DRAFT, "$defs": schema["$defs"], "properties": properties}


def compared(
    schema: dict[str, Any], specs: list[Any], verdicts: list[bool], node_path: str | None
) -> list[str]:
    """Return where the other validators' verdicts on some specs differ from algolint's."""
    accepts = jsonschema_judge(schema)
    others = {"jsonschema": [accepts(spec) for spec in specs]}
    if node_path is not None:
        others["ajv"] = ajv_verdicts(schema, specs, node_path)
    words = {True: "accepts", False: "rejects"}
    return [
        f"{judge} {words[its]}, algolint {words[ours]}\n  {json.dumps(spec)[:3000]}"
        for judge, theirs in others.items()
        for spec, ours, its in zip(specs, verdicts, theirs, strict=True)
        if ours != its
    ]


def run(count: int, seed: int, node_path: str | None) -> int:
    """Run the campaign and print its figures."""
    started = time.perf_counter()
    judged = accepted = set_apart = texts = accepted_texts = 0
    differences: list[str] = []
    for revision in REVISIONS:
        model = Model(revision)
        linter = Linter(model, [])
        schema = json_schema.schema(model)
        dice = random.Random(f"{seed} {revision}")
        specs: list[Any] = []
        for _, spec in requests.cases(dice, model, -(-count // len(REVISIONS))):
            if has_whole_float(spec):
                set_apart += 1
            else:
                specs.append(spec)
        verdicts = [not rejects(linter, spec) for spec in specs]
        found = compared(schema, specs, verdicts, node_path)
        judged += len(specs)
        accepted += sum(verdicts)

        names = [name for name in json_schema.names(model) if model.shape(name).pattern]
        chosen = [dice.choice(names) for _ in specs]
        cases = [{name: requests.strange_text(dice, model, name)} for name in chosen]
        verdicts = [not rejects(linter, text, name) for case in cases for name, text in case.items()]
        found += compared(of_texts(schema, names), cases, verdicts, node_path)
        texts += len(cases)
        accepted_texts += sum(verdicts)
        differences += [f"{revision}: {difference}" for difference in found]
    judges = "jsonschema and ajv" if node_path is not None else "jsonschema (ajv was not asked)"
    print(f"seed {seed}: {judged} cases at revisions {', '.join(REVISIONS)}, judged by algolint and {judges}")
    print(f"accepted {accepted}, rejected {judged - accepted}; set apart for a number like 1.0: {set_apart}")
    print(f"{texts} texts for shapes with a pattern, accepted {accepted_texts}")
    print(f"disagreements: {len(differences)}; {time.perf_counter() - started:.0f} s")
    for difference in differences[:10]:
        print(f"\n{difference}")
    return 1 if differences else 0


def main() -> int:
    """Run the command line."""
    parser = requests.options("Compares algolint with JSON Schema validators.", 10_000)
    parser.add_argument("--ajv", action="store_true", help="also use ajv (needs Node)")
    options = parser.parse_args()
    if not options.ajv:
        return run(options.count, options.seed, None)
    if ajv_found():
        return run(options.count, options.seed, os.environ.get("NODE_PATH", ""))
    with tempfile.TemporaryDirectory() as folder:
        return run(options.count, options.seed, install_ajv(folder))


if __name__ == "__main__":
    sys.exit(main())
