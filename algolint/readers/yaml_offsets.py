"""The text of a YAML scalar with the offset in the file of each of its characters."""

from __future__ import annotations

import re

from algolint.readers.yaml_scalars import BREAKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from algolint.source import Span

    # A character and its offset.
    Character: TypeAlias = tuple[str, int]

_BREAK = re.compile(rf"\r\n|[{BREAKS}]")
# A line break with the white space and the blank lines around it.
_FOLD = re.compile(rf"[ \t]*(?:\r\n|[{BREAKS}])[ \t{BREAKS}]*")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(\r\n|.))", re.DOTALL)
_ESCAPED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def with_offsets(text: str, span: Span, style: str | None) -> tuple[str, list[int]]:
    """Return the text of the scalar in a span, without a final line break, and the offset of each character.

    `style` is that of the scalar's node: "|", ">", "'", '"', or None for a plain scalar.
    """
    start, end = span
    if style in ("|", ">"):
        found = list(_block(text, start, end, style == ">"))
    elif style in ("'", '"'):
        found = list(_flow(text, start + 1, end - 1, style))
    else:
        found = list(_flow(text, start, end, ""))
    return "".join(character for character, _ in found), [offset for _, offset in found]


def _block(text: str, start: int, end: int, is_folded: bool) -> Iterator[Character]:
    lines = []
    header = _BREAK.search(text, start, end)
    at = header.end() if header else end
    while at < end:
        following = _BREAK.search(text, at, end)
        lines.append((at, text[at : following.start() if following else end]))
        at = following.end() if following else end
    indents = [len(line) - len(line.lstrip(" ")) for _, line in lines if line.strip(" ")]
    # That of the first line counts, unless the header has a number, with which it may be more.
    indent = min(indents, default=0)
    lines = [(at + min(indent, len(line)), line[indent:]) for at, line in lines]
    # The next line that is not blank decides whether a line break before it is folded.
    is_text_next = False
    folds = [False] * len(lines)
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number][1]
        folds[number] = is_folded and is_text_next and _is_text(line)
        is_text_next = _is_text(line) if line else is_text_next
    for number, (at, line) in enumerate(lines):
        yield from zip(line, range(at, at + len(line)), strict=True)
        if number + 1 == len(lines):
            return
        if not folds[number]:
            yield "\n", at + len(line)
        elif lines[number + 1][1]:
            yield " ", at + len(line)


def _is_text(line: str) -> bool:
    """Whether a line is neither blank nor indented."""
    return line[:1] not in ("", " ", "\t")


def _flow(text: str, start: int, end: int, quote: str) -> Iterator[Character]:
    at = start
    while at < end:
        if (fold := _FOLD.match(text, at, end)) is not None:
            breaks = len(_BREAK.findall(fold[0]))
            yield from [("\n", at)] * (breaks - 1) or [(" ", at)]
            at = fold.end()
        elif quote == '"' and (escape := _ESCAPE.match(text, at, end)) is not None:
            code = escape[1] or escape[2] or escape[3]
            if code:
                yield chr(min(int(code, 16), 0x10FFFF)), at
            elif escape[4][0] not in BREAKS:
                yield _ESCAPED.get(escape[4], escape[4]), at
            at = escape.end()
            if not code and escape[4][0] in BREAKS:
                # The white space at the start of the next line is dropped as well.
                rest = re.compile(rf"[ \t{BREAKS}]*").match(text, at, end)
                assert rest is not None
                yield from [("\n", at)] * len(_BREAK.findall(rest[0]))
                at = rest.end()
        else:
            yield text[at], at
            at += 2 if quote == "'" and text[at] == "'" else 1
