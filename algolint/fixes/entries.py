"""Editing the entries of literals in braces and brackets, with commas, in programs and Terraform."""

from __future__ import annotations

import re

from algolint.fixes.edit import Edit, EditError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.source import Source
    from algolint.values import Path

_REST_OF_LINE = re.compile(r"[ \t]*,?[ \t]*(?:(?:#|//)[^\r\n]*)?(?:\r\n|\r|\n)")
_COMMA_AFTER = re.compile(r"[ \t]*,[ \t]*(?![ \t\r\n#/])")
_COMMA_BEFORE = re.compile(r"[ \t]*,[ \t]*\Z")
_WITHOUT_MORE = re.compile(r"[ \t]*,?[ \t]*(?=[}\])])")


def scalar_changes(spec: Any, path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    """Yield the changes of scalars that turn a value into another. Raises `EditError` if that needs more."""
    before = spec
    for step in path:
        before = before[step]
    if isinstance(before, dict) and isinstance(value, dict) and before.keys() == value.keys():
        for key, below in value.items():
            yield from scalar_changes(spec, (*path, key), below)
    elif isinstance(value, dict):
        raise EditError(path)
    elif type(before) is not type(value) or before != value:
        yield path, value


def removal(source: Source, start: int, end: int) -> Edit:
    """Return the edit that removes an entry, with its lines if nothing else is on them."""
    text = source.text
    line_start = source.line_span(source.position(start)[0])[0]
    rest = _REST_OF_LINE.match(text, end)
    if not text[line_start:start].strip(" \t") and rest is not None:
        return _lines(source, line_start, rest.end())
    after = _COMMA_AFTER.match(text, end)
    if after is not None and not _WITHOUT_MORE.match(text, end):
        return Edit(start, after.end(), "")
    before = _COMMA_BEFORE.search(text[:start])
    if before is not None:
        return Edit(before.start(), end, "")
    inside = text[:start].rstrip(" \t")
    alone = _WITHOUT_MORE.match(text, end)
    if inside[-1:] not in ("{", "[", "(") or alone is None:
        raise EditError(start)
    return Edit(len(inside), alone.end(), "")


def _lines(source: Source, start: int, end: int) -> Edit:
    """Return the edit that removes lines, and blank lines that would be left over."""
    above = source.position(start)[0]
    while above > 1 and not source.raw_line(above - 1).strip():
        above -= 1
    below = source.raw_line(source.position(end)[0]).strip()[:1]
    return Edit(source.line_span(above)[0] if below in ("", "}", "]", ")") else start, end, "")
