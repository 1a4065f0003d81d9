"""The results of Terraform's functions and `for` expressions, as far as their arguments are known."""

from __future__ import annotations

import re

from algolint.readers.terraform_module import Loop
from algolint.readers.terraform_names import MAPS
from algolint.values import (
    MAYBE,
    UNKNOWN,
    OpenDict,
    OpenList,
    PartialText,
    is_open,
    known_pieces,
    put_together,
    with_gaps,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.readers.syntax_tree import Node
    from algolint.readers.terraform import Reading
    from algolint.values import Path

# Functions that are treated as returning their argument.
_SAME = frozenset(("tolist", "tomap", "toset", "tostring"))
_NEEDED = frozenset(("concat", "format", "join", "lower", "upper"))


def called(reading: Reading, node: Node, path: Path, is_map: bool, depth: int) -> Any:
    """Return the value of a call at a path."""
    name = reading.file.text_of(node.children[0])
    given = [child for group in node.children for child in group.children if child.type == "expression"]
    if any(child.type == "ellipsis" for group in node.children for child in group.children):
        return UNKNOWN
    if name in _SAME and len(given) == 1:
        return reading.expression(given[0], path, is_map, depth + 1)
    if name == "merge":
        before = reading.locations.get(path)
        merged = _merged([reading.expression(one, path, is_map, depth + 1) for one in given])
        if before is not None:
            # The location is then that of the object that a reference leads to.
            reading.locations[path] = before
        return merged
    if name not in _NEEDED:
        return UNKNOWN
    values = [reading.expression(one, ("",), False, depth + 1) for one in given]
    match name, values:
        case "join", [str() as separator, list() as items] if not is_open(items):
            parts: list[str | None] = []
            for item in items:
                parts += [separator] if parts else []
                parts += _parts_of(item)
            return put_together(parts)
        case "format", [str() as form, *items]:
            texts = re.split("%[sdv]", form)
            if len(texts) == len(items) + 1 and not any("%" in text for text in texts):
                pairs = zip(texts, [*map(_parts_of, items), []], strict=True)
                return put_together(part for text, parts in pairs for part in (text, *parts))
        case "lower", [str() as text]:
            return text.lower()
        case "upper", [str() as text]:
            return text.upper()
        case "concat", _:
            lists = [value if isinstance(value, list) else OpenList() for value in values]
            joined = [item for items in lists for item in items]
            return OpenList(joined) if any(map(is_open, lists)) else joined
    return UNKNOWN


def iterated(reading: Reading, node: Node, path: Path, is_map: bool, depth: int) -> Any:
    """Return the list or object of a `for` expression; with a condition, it is unknown."""
    loop = Loop(reading.file, node)
    turns = loop.elements(reading.module, 1)
    if turns is None:
        return UNKNOWN
    made: dict[Any, Any] = {}
    is_open = False
    for number, turn in enumerate(turns):
        with reading.binding(turn):
            key = number if loop.key is None else reading.expression(loop.key, ("",), False, depth + 1)
            if key is UNKNOWN or isinstance(key, PartialText):
                is_open = True
                continue
            key = key if loop.key is None or is_map else reading.field(str(key))
            span = reading.file.span(loop.value)
            reading.locations[(*path, key)] = span, span
            made[key] = reading.expression(loop.value, (*path, key), not is_map and key in MAPS, depth + 1)
    if loop.key is None:
        return list(made.values())
    return OpenDict(made) if is_open else made


def _merged(values: list[Any]) -> Any:
    """Return the merged object; an unknown value may replace anything before it."""
    merged: dict[str, Any] = {}
    for value in values:
        if not isinstance(value, dict):
            merged = OpenDict(dict.fromkeys(merged, UNKNOWN))
        else:
            before = dict.fromkeys(merged, UNKNOWN) if is_open(value) else merged
            kind = OpenDict if is_open(value) or is_open(merged) else dict
            merged = kind({**before, **{key: item for key, item in value.items() if item is not MAYBE}})
    return merged


def _parts_of(value: Any) -> list[str | None]:
    """Return the parts that a value adds to a text, with None for unknown ones."""
    match value:
        case str() | PartialText():
            return with_gaps(known_pieces(value))
        case int() if not isinstance(value, bool):
            return [str(value)]
    return [None]
