r"""The request as a JSON Schema (draft 2020-12), for editors and other validators.

The schema has the structure of the model: fields, types, value lists, limits and patterns. Relations between
fields are left to the rules. Patterns are written for ECMAScript with the flag `u`, without `\d`, `\w`, `\s`
and `.`, which differ between engines.
"""

from __future__ import annotations

import re

from algolint.aws.descriptions import FIELDS, SHAPES
from algolint.aws.model import REQUEST
from algolint.spec.structural_rules import FORMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.aws.model import Model, Shape

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_TYPES = {"structure": "object", "map": "object", "list": "array", "boolean": "boolean", "string": "string"}
_TYPES |= {"integer": "integer", "long": "integer", "float": "number", "double": "number"}

#: Values that editors offer.
EXAMPLES: dict[str, list[Any]] = {
    "ContainerImage": ["246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2"],
    "ContentType": ["text/csv", "application/json", "application/x-parquet"],
    "FileSystemId": ["fs-0a1b2c3d4e5f60718"],
    "KmsKeyId": ["alias/training-data", "1234abcd-12ab-34cd-56ef-1234567890ab"],
    "MetricRegex": [r"loss=([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"],
    "ModelPackageFrameworkVersion": ["2.1"],
    "ResponseMIMEType": ["text/csv", "application/json"],
    "RoleArn": ["arn:aws:iam::246618743249:role/AlgorithmValidation"],
    "S3Uri": ["s3://amzn-example-bucket/train/"],
}


# ---------------------------------------------------------------- schemas


def schema(model: Model, root: str = REQUEST) -> dict[str, Any]:
    """Return the schema of a shape at the model's revision, with definitions of the shapes below it."""
    return {
        "$schema": DRAFT,
        "title": root,
        "description": f"Amazon SageMaker, {root} as of {model.revision}.",
        "$ref": f"#/$defs/{root}",
        "$defs": {name: _definition(model.shape(name)) for name in sorted(_reached(model, root))},
    }


def names(model: Model) -> list[str]:
    """Return the names of the shapes of a request at the model's revision."""
    return sorted(_reached(model, REQUEST))


def _reached(model: Model, root: str) -> set[str]:
    """Return the names of a shape and of all shapes below it. Read-only fields are left out."""
    reached: set[str] = set()
    todo = [root]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            shape = model.shape(name)
            todo += [below for field, below in shape.members.items() if field not in shape.read_only]
            todo += [name for name in (shape.item, shape.key, shape.value) if name]
    return reached


def _definition(shape: Shape) -> dict[str, Any]:
    definition: dict[str, Any] = {"title": shape.name, "type": _TYPES[shape.type]}
    about = _described(shape)
    if about:
        definition["description"] = about
        definition["markdownDescription"] = f"**{shape.name}**: {about}"
    if shape.name in EXAMPLES:
        definition["examples"] = EXAMPLES[shape.name]
    match shape.type:
        case "structure":
            definition |= _fields(shape)
        case "list":
            definition |= {"items": _reference(shape.item)} | _limits(shape, "minItems", "maxItems")
        case "map":
            definition |= {
                "propertyNames": _reference(shape.key),
                "additionalProperties": _reference(shape.value),
            }
            definition |= _limits(shape, "minProperties", "maxProperties")
        case "string":
            definition |= _limits(shape, "minLength", "maxLength")
            if shape.enum is not None:
                definition["enum"] = list(shape.enum)
            if shape.pattern not in (None, r"[\S\s]*"):
                definition["pattern"] = ecmascript(shape.pattern)
        case "boolean":
            pass
        case _:
            definition |= _limits(shape, "minimum", "maximum")
    return definition


def _fields(shape: Shape) -> dict[str, Any]:
    properties = {}
    for name, below in shape.members.items():
        if name in shape.read_only:
            continue
        properties[name] = _reference(below)
        about = FIELDS.get((shape.name, name))
        if about:
            properties[name] |= {"description": about, "markdownDescription": f"**{name}**: {about}"}
    fields: dict[str, Any] = {"properties": properties, "additionalProperties": False}
    required = [name for name in shape.required if name in properties]
    return fields | ({"required": required} if required else {})


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _limits(shape: Shape, least: str, most: str) -> dict[str, int]:
    limits: tuple[tuple[str, Any], ...] = ((least, shape.min), (most, shape.max))
    if shape.type in ("integer", "long"):
        limits = ((least, shape.least), (most, shape.most))
    return {word: limit for word, limit in limits if limit is not None}


def _described(shape: Shape) -> str:
    """Return the description of a shape, or of its form if it has none, and its limits."""
    form = FORMS.get(shape.name, "")
    about = SHAPES.get(shape.name, f"{form[:1].upper()}{form[1:]}." if form else "")
    limits = limits_in_words(shape)
    return " ".join(part for part in (about, limits) if part)


def limits_in_words(shape: Shape) -> str:
    """Return the limits of a shape as a sentence; empty if it has none."""
    units = {"string": ("character", "characters"), "list": ("item", "items"), "map": ("entry", "entries")}
    unit = units.get(shape.type, ("", ""))[(shape.max or shape.min) != 1]
    match shape.min, shape.max:
        case int() as low, int() as high:
            text = f"{low} to {high} {unit}" if low != high else f"exactly {low} {unit}"
        case None, int() as high:
            text = f"at most {high} {unit}"
        case int() as low, None if low > 0 or not unit:
            text = f"at least {low} {unit}"
        case _:
            return ""
    return f"{text[:1].upper()}{text[1:]}".rstrip() + "."


# ---------------------------------------------------------------- patterns

# A class with its content, an escape, or any other character.
_TOKEN = re.compile(r"(\[(?:\\.|[^\]\\])*\])|(\\(?:p\{\w+\}|.))|(.)", re.DOTALL)
# Outside of a class, these characters need a backslash. A backslash before other signs is an error.
_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
#: `.` in the service's engine, which excludes more line breaks than ECMAScript's.
_DOT = r"[^\n\r\u0085\u2028\u2029]"
# Written out for ASCII, as in the service, because engines differ.
_SHORTHANDS = {r"\d": "0-9", r"\w": "A-Za-z0-9_", r"\s": r" \t\n\r\f\v"}


class Untranslatable(ValueError):
    """Raised for a pattern with a construct that has no equivalent, which the message names."""


def ecmascript(pattern: str) -> str:
    """Return a pattern of the model, which matches the whole text, as a search with ECMAScript's flag `u`."""
    return f"^(?:{''.join(_tokens(pattern))})$"


def _tokens(pattern: str) -> Iterator[str]:
    for match in _TOKEN.finditer(pattern):
        members, escape, plain = match.groups()
        if members:
            yield _class(members)
        elif plain:
            yield _DOT if plain == "." else plain
        elif escape in _SHORTHANDS:
            yield f"[{_SHORTHANDS[escape]}]"
        elif escape.lower() in _SHORTHANDS:
            yield f"[^{_SHORTHANDS[escape.lower()]}]"
        elif escape[1] in _SYNTAX or escape.startswith(r"\p{"):
            yield escape
        elif not escape[1].isalnum():
            yield escape[1]
        else:
            raise Untranslatable(f"{escape} in {pattern}")


def _class(members: str) -> str:
    """Return a character class with its shorthands written out."""
    if members in (r"[\S\s]", r"[\s\S]"):
        return members
    if members == r"[\S]":
        return f"[^{_SHORTHANDS[chr(92) + 's']}]"
    for name, spelt in _SHORTHANDS.items():
        if name.upper() in members:
            raise Untranslatable(f"{name.upper()} in {members}")
        members = members.replace(name, spelt)
    return members
