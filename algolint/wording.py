"""How messages quote the user's text, list names and suggest the one that was meant."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
_CONTROLS |= {9: "\\t", 10: "\\n", 13: "\\r"}
# Line separators, bidirectional controls and the byte order mark would rearrange a terminal's line.
_CONTROLS |= {
    code: f"\\u{code:04x}"
    for code in (
        0x061C,
        0x180E,
        0x200B,
        0x200E,
        0x200F,
        *range(0x2028, 0x202F),
        *range(0x2060, 0x206A),
        0xFEFF,
    )
}
# Noncharacters, and tag characters, which nobody sees.
_CONTROLS |= {code: f"\\u{code:04x}" for code in (0xFFFE, 0xFFFF)}
_CONTROLS |= {code: f"\\U{code:08x}" for code in range(0xE0000, 0xE0080)}


def escaped(text: str) -> str:
    """The user's text made safe to print: control, bidirectional and unpaired characters as escapes."""
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_CONTROLS)
    return "".join(f"\\u{ord(c):04x}" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)


def shown(value: object, limit: int = 60) -> str:
    """A value as a message quotes it: 'text', true, 7; shortened and with control characters escaped."""
    match value:
        case str():
            text = value if len(value) <= limit else value[: limit - 1] + "…"
            return f"'{escaped(text)}'"
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case int() if not -(10**limit) < value < 10**limit:
            return "a number of very many digits"
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            return str(value)


def listed(values: Iterable[str], limit: int = 6) -> str:
    """Names as a message lists them: 'a', 'b', 'c' and 7 more."""
    names = list(values)
    text = ", ".join(shown(name) for name in names[:limit])
    return text if len(names) <= limit else f"{text} and {len(names) - limit} more"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that was most likely meant, or None where nothing is near."""
    from difflib import SequenceMatcher

    folded = name.casefold()
    best: str | None = None
    best_ratio = 0.0
    for candidate in names:
        if candidate.casefold() == folded:
            return candidate
        matcher = SequenceMatcher(None, candidate.casefold(), folded)
        if matcher.real_quick_ratio() > best_ratio and matcher.quick_ratio() > best_ratio:
            ratio = matcher.ratio()
            if ratio > best_ratio:
                best, best_ratio = candidate, ratio
    return best if best_ratio >= 0.72 else None


def meant(name: str, names: Iterable[str]) -> str:
    """The end of a message that suggests the nearest name: "; did you mean 'x'?", or nothing."""
    best = nearest(name[:256], names)
    return f"; did you mean {shown(best)}?" if best is not None else ""


def tally(counts: Mapping[str, int]) -> str:
    """Counts by severity in words: "2 errors, 1 warning", or "no problems"."""
    words = [
        f"{count} {level}{'' if level == 'info' or count == 1 else 's'}"
        for level, count in counts.items()
        if count
    ]
    return ", ".join(words) or "no problems"
