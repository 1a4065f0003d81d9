"""How messages quote the user's text, list names, and suggest the name that was meant."""

from __future__ import annotations

from algolint import limits
from algolint.values import PartialText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Names are suggested from this share of equal characters on.
_MIN_RATIO = 0.72
# More names, or longer pairs of names, are only compared for equality.
_MAX_COMPARED = 500
_LONGEST_COMPARED = 160
# The characters of a longer name that are looked at.
_LONGEST_NAME = 256

# Characters that are invisible or rearrange a terminal's line: line separators, bidirectional controls, the
# byte order mark, noncharacters and tag characters.
_INVISIBLE = (
    range(0x2028, 0x202F),
    range(0x2060, 0x206A),
    range(0x200E, 0x2010),
    range(0xFFFE, 0x10000),
    range(0xE0000, 0xE0080),
    (0x061C, 0x180E, 0x200B, 0xFEFF),
)
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def escaped(text: str) -> str:
    """Return the user's text, safe to print: control, bidirectional and unpaired characters are escaped."""
    if text.isprintable():
        return text
    return "".join(map(_escaped_character, text))


def _escaped_character(character: str) -> str:
    code = ord(character)
    if code < 32 or 127 <= code < 160:
        return _SHORT.get(character, f"\\x{code:02x}")
    if 0xD800 <= code <= 0xDFFF or any(code in codes for codes in _INVISIBLE):
        return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return character


def inert(text: str) -> str:
    """Return a text in which no CI finds a command such as `##[error]`, wherever it is in a line of a log."""
    return text.replace("#", "\\x23") if "##[" in text or "##vso[" in text else text


def printed(name: str) -> str:
    """Return a file's name, safe to print at the start of a line, where `::error::` would be a command."""
    name = inert(escaped(name))
    return f"./{name}" if name.lstrip().startswith("::") else name


def shown(value: object, limit: int = 60) -> str:
    """Return a value as messages quote it ('text', true, 7), shortened and escaped."""
    if isinstance(value, PartialText):
        value = value.written
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
    """Return names as messages list them: 'a', 'b', 'c' and 7 more."""
    names = list(values)
    text = ", ".join(shown(name) for name in names[:limit])
    return text if len(names) <= limit else f"{text} and {len(names) - limit} more"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that was most likely meant, or None if none is similar.

    It is also None when the comparisons of the file have reached `limits.MAX_COMPARISONS`.
    """
    work = limits.comparisons
    if not work.take(1):
        return None
    folded = name[:_LONGEST_NAME].casefold()
    best: str | None = None
    best_ratio = _MIN_RATIO - 1e-9
    for number, candidate in enumerate(names):
        if work.left <= 0:
            break
        other = candidate.casefold()
        work.left -= 1
        if other == folded:
            return candidate
        length = len(folded) + len(other)
        # A file may have thousands of unknown names, and as many known ones.
        if number >= _MAX_COMPARED or length > _LONGEST_COMPARED:
            continue
        least = best_ratio * length / 2
        if min(len(folded), len(other)) <= least:
            continue
        work.left -= len(other)
        if _same_letters(other, folded) > least:
            work.left -= len(folded) * len(other)
            ratio = 2 * _in_order(other, folded) / length
            if ratio > best_ratio:
                best, best_ratio = candidate, ratio
    return best


def are_alike(one: str, other: str, but_for: int) -> bool:
    """Whether two texts have the same letters in the same order, except for `but_for` of the longer one."""
    least = max(len(one), len(other)) - but_for
    return _same_letters(one, other) >= least and _in_order(one, other) >= least


def _same_letters(one: str, other: str) -> int:
    """Return the number of characters that two texts share in any order."""
    count = 0
    for letter in one:
        rest = other.replace(letter, "", 1)
        if rest != other:
            count += 1
            other = rest
    return count


def _in_order(one: str, other: str) -> int:
    """Return the number of characters that two texts share in order, in blocks, longest first.

    `difflib.SequenceMatcher` gives the same result, but its import is a fifth of a clean run.
    """
    for length in range(min(len(one), len(other)), 0, -1):
        for start in range(len(one) - length + 1):
            at = other.find(one[start : start + length])
            if at >= 0:
                end, other_end = start + length, at + length
                return length + _in_order(one[:start], other[:at]) + _in_order(one[end:], other[other_end:])
    return 0


def meant(name: str, names: Iterable[str]) -> str:
    """Return the end of a message that suggests the nearest name, "; did you mean 'x'?", or nothing."""
    best = nearest(name, names)
    return f"; did you mean {shown(best)}?" if best is not None else ""


def counted(count: int, noun: str) -> str:
    """Return a number with a noun: "1 file", "2 files"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def tally(counts: Mapping[str, int]) -> str:
    """Return counts by severity in words: "2 errors, 1 warning", or "no problems"."""
    words = [
        f"{count:,} info" if level == "info" else counted(count, level)
        for level, count in counts.items()
        if count
    ]
    return ", ".join(words) or "no problems"
