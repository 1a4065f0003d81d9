"""Random requests from the model, and random damage to them; quick, and the same for the same seed."""

from __future__ import annotations

import argparse
import marshal
import random
import string
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from algolint.aws.model import REQUEST, Model, Shape

if TYPE_CHECKING:
    from algolint.values import Path

# ---------------------------------------------------------------- valid requests

_LETTERS = string.ascii_letters + string.digits
_HEXADECIMAL = "0123456789abcdef"


def word(dice: random.Random, low: int = 1, high: int = 8) -> str:
    """Return letters and digits."""
    return "".join(dice.choices(_LETTERS, k=dice.randint(low, high)))


def _name(dice: random.Random) -> str:
    return "-".join(word(dice) for _ in range(dice.randint(1, 3)))


def _some(dice: random.Random, alphabet: str, low: int = 0, high: int = 20) -> str:
    return "".join(dice.choices(alphabet, k=dice.randint(low, high)))


def _uri(dice: random.Random) -> str:
    return f"{dice.choice(('s3', 'https'))}://{_name(dice).lower()}/{word(dice)}"


#: Text for shapes whose pattern requires more than a name.
_TEXTS: dict[str, Callable[[random.Random], str]] = {
    "FileSystemId": lambda dice: f"fs-{_some(dice, _HEXADECIMAL, 8, 17)}",
    "HubContentVersion": lambda dice: dice.choice(("1.0.0", "12.3.4444")),
    "HubDataSetArn": lambda dice: (
        f"arn:aws:sagemaker:us-east-1:246618743249:hub-content/hub/DataSet/{word(dice)}"
    ),
    "ImageDigest": lambda dice: f"sha256:{_some(dice, _HEXADECIMAL, 64, 64)}",
    "ModelPackageFrameworkVersion": lambda dice: dice.choice(("2.1", "1.13-cpu", "0.9.1")),
    "ResponseMIMEType": lambda dice: dice.choice(("text/csv", "application/json", "x/y;z=1")),
    "RoleArn": lambda dice: f"arn:aws:iam::246618743249:role/{_name(dice)}",
    "TrainingPlanArn": lambda dice: f"arn:aws:sagemaker:us-east-1:246618743249:training-plan/{_name(dice)}",
}
_TEXTS |= dict.fromkeys(("S3Uri", "S3ModelUri", "Url"), _uri)
_TEXTS |= dict.fromkeys(("EntityDescription", "ParameterName"), lambda dice: _some(dice, "aé 日∑,.😀-_"))
_TEXTS |= dict.fromkeys(("TagKey", "TagValue"), lambda dice: _some(dice, "aé 日_.:/=+-@", 1))
_TEXTS |= dict.fromkeys(("EnvironmentKey", "TransformEnvironmentKey"), lambda dice: f"_{word(dice)}")


def valid(dice: random.Random, model: Model, name: str = REQUEST) -> Any:
    """Return a value that satisfies all constraints of a shape, with random optional fields."""
    shape = model.shape(name)
    low = shape.min or 0
    high = min(shape.max if shape.max is not None else low + 3, low + 3)
    match shape.type:
        case "structure":
            share = dice.choice((0.2, 0.5, 0.9))
            return {
                key: valid(dice, model, below)
                for key, below in shape.members.items()
                if key not in shape.read_only and (key in shape.required or dice.random() < share)
            }
        case "list":
            return [valid(dice, model, shape.item) for _ in range(dice.randint(low, high))]
        case "map":
            entries = range(dice.randint(low, high))
            return {valid(dice, model, shape.key): valid(dice, model, shape.value) for _ in entries}
        case "boolean":
            return dice.random() < 0.5
        case "string" if shape.enum is not None:
            return dice.choice(shape.enum)
        case "string":
            return _TEXTS.get(name, _name)(dice).ljust(low, "a")[: shape.max]
        case _:
            most = shape.max if shape.max is not None else 2**31 - 1
            least = shape.min if shape.min is not None else -(2**31)
            return dice.choice((least, min(least + dice.randint(0, 5000), most), most))


#: Characters that patterns distinguish: letters and digits of several scripts, signs, line breaks, spaces.
_SIGNS = "aZ09-_./:=+@ ,;*\n\r\t\x00\x7f\x85\xa0é²٣ª\u2028\ufeff😀"


def strange_text(dice: random.Random, model: Model, name: str) -> str:
    """Return text for a shape: valid text with a sign added or removed, or only signs."""
    if dice.random() < 0.3:
        return _some(dice, _SIGNS, 0, 6)
    text: str = valid(dice, model, name)
    for _ in range(dice.randint(1, 2)):
        cut = dice.choice((0, len(text), dice.randint(0, len(text))))
        text = text[:cut] + dice.choice((*_SIGNS, "")) + text[cut + dice.choice((0, 1)) :]
    return text


# ---------------------------------------------------------------- damage


def locations(value: Any, shape: Shape, model: Model, path: Path = ()) -> Iterator[tuple[Path, Shape]]:
    """Yield all values of a spec whose shape is known, with their paths."""
    yield path, shape
    if isinstance(value, dict) and shape.type == "structure":
        for key, item in value.items():
            if key in shape.members:
                yield from locations(item, model.shape(shape.members[key]), model, (*path, key))
    elif isinstance(value, dict) and shape.type == "map":
        for key, item in value.items():
            yield from locations(item, model.shape(shape.value), model, (*path, key))
    elif isinstance(value, list) and shape.type == "list":
        for index, item in enumerate(value):
            yield from locations(item, model.shape(shape.item), model, (*path, index))


def at(value: Any, path: Path) -> Any:
    """Return the value at a path."""
    for step in path:
        value = value[step]
    return value


def replaced(spec: Any, path: Path, value: Any) -> Any:
    """Replace the value at a path in place, and return the spec."""
    if not path:
        return value
    at(spec, path[:-1])[path[-1]] = value
    return spec


def copied(spec: Any) -> Any:
    """Return a deep copy."""
    return marshal.loads(marshal.dumps(spec))


_STRANGE: tuple[Any, ...] = (None, "text", "", 7, -1, 0, 1.5, 3600.0, 10**20, True, False)
_STRANGE += ([], {}, [[]], ["text"], [None], {"": 0}, {"Name": "a"}, "7", "true")
_STRANGE_KEYS: tuple[str, ...] = (
    "",
    "name",
    "Name",
    "Foo",
    "a.b",
    "a b",
    "é",
    "Tags",
    "[0]",
    "~/x",
    "Key",
    "S3Uri",
)
_STRANGE_KEYS += ("AlgorithmStatus", "AlgorithmArn", "ProductId", "VpcConfig", "RoleArn", "ScalingType")
_STRANGE_TEXTS: tuple[str, ...] = (
    "",
    " ",
    "-",
    "a b",
    "a\nb",
    "a\rb",
    "a\x85b",
    "a\u2028b",
    "é",
    "日本",
    "😀",
    "a\tb",
    "\n",
    "a\n",
)
_STRANGE_TEXTS += ("a" * 65, "-a", "a-", "a--b", "a_b", "s3:/x", "ftp://x/y", "sha256:0", "\x00", "a,b")
_STRANGE_TEXTS += ("arn:aws:iam::1:role/x", "fs-0", "text", "٣.٣.٣", "1x2x3", "\ufeff", "\xa0", "\u200b")
# Names of an unknown family and of an unknown size, of another role, and in the wrong case.
_STRANGE_VALUES = ("ml.zz9.large", "ml.m5.3xlarge", "ml.p4d.24xlarge", "ml.c7g.large", "File", "NONE", "none")


def _without_a_field(dice: random.Random, value: Any, shape: Shape, _: Model) -> Any:
    if isinstance(value, dict) and value:
        required = [key for key in value if key in shape.required]
        del value[dice.choice(required or list(value))]
    return value


def _with_a_strange_field(dice: random.Random, value: Any, shape: Shape, model: Model) -> Any:
    """Add a key that is unknown, misspelt, read-only or of a newer revision."""
    if isinstance(value, dict) and shape.type == "structure":
        own = list(shape.members)
        key = dice.choice((*_STRANGE_KEYS, *shape.later, dice.choice(own).lower(), dice.choice(own) + "s"))
        read_only = [key for key in shape.read_only if key in shape.members]
        if read_only and dice.random() < 0.5:
            key = dice.choice(read_only)
            value[key] = valid(dice, model, shape.members[key])
        else:
            value[key] = dice.choice(_STRANGE)
    return value


def _of_a_strange_type(dice: random.Random, _: Any, __: Shape, ___: Model) -> Any:
    return dice.choice(_STRANGE)


def _null(_: random.Random, __: Any, ___: Shape, ____: Model) -> Any:
    return None


def _below_the_minimum(dice: random.Random, value: Any, shape: Shape, _: Model) -> Any:
    low = shape.min or 0
    match value:
        case bool():
            return value
        case int():
            return dice.choice((low - 1, -1, 0, -(2**40)))
        case str() | list():
            return value[: max(low - 1, 0)]
        case dict():
            return {}
    return value


def _above_the_maximum(dice: random.Random, value: Any, shape: Shape, model: Model) -> Any:
    high = shape.max if shape.max is not None else 100
    match value:
        case bool():
            return value
        case int():
            return high + dice.choice((0, 1, 10**6))
        case str():
            return (value or "a").ljust(high + dice.choice((0, 1)), dice.choice("a😀"))
        case list() if value:
            return [copied(dice.choice(value)) for _ in range(high + dice.choice((0, 1)))]
        case dict() if shape.type == "map":
            entries = range(high + dice.choice((0, 1)))
            return {f"_k{i}": valid(dice, model, shape.value) for i in entries}
    return value


def _of_a_strange_form(dice: random.Random, value: Any, shape: Shape, model: Model) -> Any:
    match value:
        case str() if shape.enum is not None:
            other = dice.choice(
                model.shape(dice.choice(("SplitType", "TransformInstanceType"))).enum or ("",)
            )
            return dice.choice((value.lower(), value.upper(), other, *shape.later, *_STRANGE_VALUES))
        case str():
            cut = dice.randint(0, len(value))
            text = dice.choice(_STRANGE_TEXTS)
            return dice.choice((text, value[:cut] + text + value[cut:]))
        case dict() if shape.type == "map" and value:
            value[dice.choice((*_STRANGE_TEXTS, *_STRANGE_KEYS, "k" * 1025))] = dice.choice(("1", 1, None))
    return value


def _nested(dice: random.Random, value: Any, _: Shape, __: Model) -> Any:
    match dice.randrange(3):
        case 0:
            return [value]
        case 1:
            return {dice.choice(_STRANGE_KEYS): value}
    inner = list(value.values()) if isinstance(value, dict) else value
    return inner[0] if isinstance(inner, list) and inner else [[value]]


DAMAGES: tuple[Callable[[random.Random, Any, Shape, Model], Any], ...] = (
    _without_a_field,
    _with_a_strange_field,
    _of_a_strange_type,
    _null,
    _below_the_minimum,
    _above_the_maximum,
    _of_a_strange_form,
    _nested,
)


def damaged(dice: random.Random, spec: Any, model: Model, name: str = REQUEST) -> Any:
    """Return a copy of a spec, damaged in one to three places."""
    spec = copied(spec)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        found: dict[str, list[tuple[Path, Shape]]] = {}
        for location in locations(spec, model.shape(name), model):
            found.setdefault(location[1].name, []).append(location)
        damage = dice.choice(DAMAGES)
        # Shapes are chosen with equal probability, however often they occur; some cannot be damaged in every
        # way.
        for shape_name in dice.choices(list(found), k=6):
            path, shape = dice.choice(found[shape_name])
            before = copied(at(spec, path))
            after = damage(dice, at(spec, path), shape, model)
            if not _same(before, after):
                spec = replaced(spec, path, after)
                break
    return spec


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and type(one) is type(other)


def cases(dice: random.Random, model: Model, count: int, name: str = REQUEST) -> Iterator[tuple[bool, Any]]:
    """Yield a number of specs, and whether each is known to be valid: one in eight is not damaged."""
    spec = None
    for number in range(count):
        if number % 8 == 0:
            spec = valid(dice, model, name)
            yield True, spec
        else:
            yield False, damaged(dice, spec, model, name)


def options(about: str, count: int) -> argparse.ArgumentParser:
    """Add the options of all campaigns."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--count", type=int, default=count, help=f"number of cases (default {count})")
    parser.add_argument("--seed", type=int, default=1, help="seed of the cases (default 1)")
    return parser
