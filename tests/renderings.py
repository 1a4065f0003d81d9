"""Writing a request as a CloudFormation template and as Terraform, and comparing the findings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from algolint.aws.model import REQUEST
from algolint.linting.linter import Linter
from algolint.readers.python_specs import snake_case
from algolint.readers.terraform_names import LISTS, MAPS, api_name
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.testing import model_of

FIXTURES = Path(__file__).parent.parent / "fixtures"
RULES = first_party_rules()
LINTER = Linter(model_of(), RULES)
Reported = set[tuple[str, str]]


def findings(name: str, text: str) -> Reported:
    """Return the findings in a text as rule and pointer."""
    result = LINTER.lint_source(Source(name, text))
    assert not result.crashes, result.crashes[0]
    assert result.is_spec or result.is_other
    return {(d.rule.name, d.location.pointer) for d in result.diagnostics}


def located(name: str, text: str) -> dict[tuple[str, str], str]:
    """Return the text at the location of each finding."""
    result = LINTER.lint_source(Source(name, text))
    assert result.is_spec
    return {
        (d.rule.name, d.location.pointer): text[d.location.span[0] : d.location.span[1]]
        for d in result.diagnostics
        if d.severity != "info"
    }


def added(after: Reported, before: Reported) -> Reported:
    """Return the new findings, except those that another finding at the same place replaced before."""
    names = {rule.name: rule for rule in RULES}
    stood_for = {
        (name, pointer) for rule, pointer in before if rule in names for name in names[rule].replaces
    }
    return after - before - stood_for


def without_indexes(reported: Reported) -> Reported:
    return {(rule, re.sub(r"/\d+(?=/|$)", "/*", pointer)) for rule, pointer in reported}


# ---------------------------------------------------------------- Terraform


def snake(name: str) -> str:
    """Return the provider's name of a field."""
    name = name.replace("ETag", "Etag")
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name).lower()


def keeps_its_names(spec: Any) -> bool:
    """Whether all fields of a spec survive conversion to Terraform's names and back."""
    match spec:
        case dict():
            return all(
                api_name(snake(key)) == key and (key in MAPS or keeps_its_names(value))
                for key, value in spec.items()
            )
        case list():
            return all(map(keeps_its_names, spec))
    return True


def terraform(spec: dict[str, Any], kind: str = "aws_sagemaker_algorithm") -> str:
    body = "".join(_argument(key, value, 1) for key, value in spec.items())
    return f'resource "{kind}" "this" {{\n{body}}}\n'


def _argument(key: str, value: Any, depth: int) -> str:
    pad = "  " * depth
    name = snake(key)
    match value:
        case dict() if key not in MAPS:
            inner = "".join(_argument(k, v, depth + 1) for k, v in value.items())
            return f"{pad}{name} {{\n{inner}{pad}}}\n"
        case [dict(), *_] if key == "Tags":
            if all(tag.keys() == {"Key", "Value"} for tag in value):
                entries = [f"{pad}  {hcl(tag['Key'])} = {hcl(tag['Value'])}\n" for tag in value]
                return f"{pad}tags = {{\n{''.join(entries)}{pad}}}\n"
            # A map has a value for each key, but a list may lack one.
            tags = [", ".join(f"{snake(k)} = {hcl(v)}" for k, v in tag.items()) for tag in value]
            return f"{pad}tags = [{', '.join(f'{{ {tag} }}' for tag in tags)}]\n"
        case [dict(), *_] if key in LISTS:
            return "".join(_argument(key, item, depth) for item in value)
    return f"{pad}{name} = {hcl(value)}\n"


_CHARACTERS = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "\x7f": "\\u007f"}


def hcl(value: Any) -> str:
    match value:
        case str():
            text = "".join(_CHARACTERS.get(c, f"\\u{ord(c):04x}" if c < " " else c) for c in value)
            return '"' + text.replace("${", "$${").replace("%{", "%%{") + '"'
        case dict():
            return "{ " + ", ".join(f"{hcl(key)} = {hcl(item)}" for key, item in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(hcl, value)) + "]"
    return json.dumps(value)


# ---------------------------------------------------------------- CloudFormation


def template(properties: Any, **resource: Any) -> dict[str, Any]:
    return {
        "Resources": {"This": {"Type": "AWS::SageMaker::Algorithm", **resource, "Properties": properties}}
    }


# ---------------------------------------------------------------- every value of a spec


def values(spec: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, spec
    items = spec.items() if isinstance(spec, dict) else enumerate(spec) if isinstance(spec, list) else ()
    for step, value in items:
        yield from values(value, (*path, step))


def replaced(spec: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Return a spec with the value at a path replaced."""
    if not path:
        return value
    step, *rest = path
    copy = type(spec)(spec)
    copy[step] = replaced(spec[step], tuple(rest), value)
    return copy


# ---------------------------------------------------------------- Python


def program(spec: dict[str, Any]) -> str:
    """Return a program that sends a request, formatted as usual."""
    arguments = "".join(f"    {key}={literal(value, 1)},\n" for key, value in spec.items())
    return f'import boto3\n\nclient = boto3.client("sagemaker")\nclient.create_algorithm(\n{arguments})\n'


def literal(value: Any, depth: int = 0) -> str:
    pad = "    " * depth
    match value:
        case {**entries} if entries:
            lines = [f"{pad}    {literal(k)}: {literal(v, depth + 1)},\n" for k, v in value.items()]
            return f"{{\n{''.join(lines)}{pad}}}"
        case [dict() | list(), *_]:
            return f"[\n{''.join(f'{pad}    {literal(item, depth + 1)},{chr(10)}' for item in value)}{pad}]"
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case str():
            return json.dumps(value, ensure_ascii=False)
    return repr(value)


def stack(spec: dict[str, Any]) -> str:
    """Return a program that defines an algorithm with the CDK."""
    made = _property(spec, REQUEST, 0)
    made = made.replace(
        f"CfnAlgorithm.{REQUEST}Property(\n", 'CfnAlgorithm(\n    self,\n    "Algorithm",\n', 1
    )
    return f"from aws_cdk.aws_sagemaker import CfnAlgorithm\n\n{made}\n"


def _property(value: Any, shape: str, depth: int) -> str:
    """Return a value of a shape as an object of the CDK's class, a list of these, or a literal."""
    kind = LINTER.model.shape(shape) if shape else None
    pad = "    " * depth
    match value:
        case dict() if value and kind is not None and kind.type == "structure":
            shapes = kind.members
            lines = [
                f"{pad}    {snake_case(key)}={_property(item, shapes.get(key, ''), depth + 1)},\n"
                for key, item in value.items()
            ]
            return f"CfnAlgorithm.{shape}Property(\n{''.join(lines)}{pad})"
        case [dict(), *_] if kind is not None and kind.type == "list":
            items = [f"{pad}    {_property(item, kind.item, depth + 1)},\n" for item in value]
            return f"[\n{''.join(items)}{pad}]"
    return literal(value, depth)


def notebook(spec: dict[str, Any]) -> str:
    """Return a notebook in Jupyter's format with one cell that sends a request."""
    cell = {"cell_type": "code", "source": program(spec).splitlines(keepends=True)}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}, indent=1, ensure_ascii=False) + "\n"
