"""Better patterns for metrics, for the fixes of their rules."""

from __future__ import annotations

from algolint.aws.notation import LOGGED_NUMBER

from ._regex_facts import MAX_LENGTH, analyzed

# One fix may make another one possible.
_MAX_FIXES = 6


def fixed(pattern: str) -> str:
    """Return a pattern after all the fixes that its rules offer, one after the other."""
    for _ in range(_MAX_FIXES):
        better = _next(pattern)
        if better is None or better == pattern:
            break
        pattern = better
    return pattern


def _next(pattern: str) -> str | None:
    """Return a pattern after one of the fixes that its rules offer; None if there is none."""
    regex = analyzed(pattern)
    if doubled_escape(pattern):
        better = with_single_escapes(pattern)
        if better is not None:
            return better
    if regex.groups == 0:
        return with_group(pattern)
    if regex.at_once > 1:
        better = with_one_group(pattern)
        if better is not None:
            return better
    if regex.lazy_tail or regex.greedy or regex.unmatched or (regex.has_empty_number and not regex.nullable):
        return with_number(pattern)
    return None


def _without_new_faults(pattern: str, better: str | None) -> str | None:
    """Return a better pattern, if it is valid and has only faults that the original has too."""
    if better is None or len(better) > MAX_LENGTH or analyzed(better).fault:
        return None
    return better if _faults(better) <= _faults(pattern) else None


def _faults(pattern: str) -> set[str]:
    """Return the faults of a valid pattern for which a warning is reported."""
    regex = analyzed(pattern)
    faults = {
        "no group": regex.groups == 0,
        "several groups": regex.at_once > 1,
        "lazy": regex.lazy_tail,
        "greedy": regex.greedy,
        "no number": bool(regex.numeric) and not any(numeric is not False for numeric in regex.numeric),
        "exponents": regex.cuts_exponents,
        "exponential": regex.catastrophic is not None,
        "no text": regex.nullable or not (regex.has_text or regex.is_line),
    }
    return {name for name, is_there in faults.items() if is_there}


def with_number(pattern: str) -> str | None:
    """Return the pattern with a first group that matches numbers, if no other group is outside of it."""
    regex = analyzed(pattern)
    groups = groups_in(pattern)
    if not regex.has_references and len(groups) == regex.groups == 1 + regex.groups_in_first:
        _, start, end = groups[0]
        return _without_new_faults(pattern, pattern[:start] + LOGGED_NUMBER + pattern[end:])
    return None


def with_one_group(pattern: str) -> str | None:
    """Return the pattern with its numeric group as the only capturing one, if exactly one is numeric."""
    regex = analyzed(pattern)
    groups = groups_in(pattern)
    if regex.has_references or len(groups) != regex.groups:
        return None
    better = pattern
    for (start, body, _), is_numeric in reversed([*zip(groups, regex.numeric, strict=True)]):
        if not is_numeric:
            better = better[:start] + "(?:" + better[body:]
    return _without_new_faults(pattern, better) if analyzed(better).groups == 1 else None


def with_group(pattern: str) -> str | None:
    """Return the pattern with a group around the number at its end; plain text may follow that."""
    ends = (len(pattern), len(pattern.rstrip(" ;,|%abcdefghijklmnopqrstuvwxyz")))
    starts = [index for index, char in enumerate(pattern) if char in "[(\\-+."][:40]
    for end in dict.fromkeys(ends):
        for start in starts:
            number = analyzed(f"({pattern[start:end]})")
            if number.number_only and number.numeric == (True,):
                better = f"{pattern[:start]}({pattern[start:end]}){pattern[end:]}"
                if analyzed(better).groups == 1 and not analyzed(better).fault:
                    return _without_new_faults(pattern, better)
    return None


def with_single_escapes(pattern: str) -> str | None:
    """Return the pattern with each doubled backslash as one."""
    return _without_new_faults(pattern, pattern.replace("\\\\", "\\"))


_DOUBLED = tuple(rf"\\{letter}" for letter in "dDwWsS.")


def doubled_escape(pattern: str) -> str | None:
    """Return a literal backslash that is followed by the letter of a character class or a dot."""
    at = pattern.find("\\")
    while at >= 0:
        if pattern.startswith(_DOUBLED, at):
            return pattern[at : at + 3]
        at = pattern.find("\\", at + 2)
    return None


# ---------------------------------------------------------------- offsets in the pattern


def groups_in(text: str) -> list[tuple[int, int, int]]:
    """Return the offsets of each capturing group of a valid pattern: its start, its body and its end."""
    found: list[list[int]] = []
    opened: list[list[int] | None] = []
    at = 0
    while at < len(text):
        match text[at]:
            case "\\":
                at += 1
            case "[":
                at = _end_of_set(text, at)
            case "(":
                body = _body_of_group(text, at)
                group = [at, body, 0] if body else None
                opened.append(group)
                if group:
                    found.append(group)
            case ")" if opened:
                group = opened.pop()
                if group:
                    group[2] = at
        at += 1
    return [(start, body, end) for start, body, end in found if end]


def _body_of_group(text: str, at: int) -> int:
    """Return the offset of the body of the capturing group that opens at an offset; 0 for other groups."""
    if text[at + 1 : at + 2] != "?":
        return at + 1
    return text.find(">", at) + 1 if text.startswith("(?P<", at) else 0


def _end_of_set(text: str, at: int) -> int:
    """Return the offset of the ] that closes the set that opens at an offset."""
    # As the first character, a ] is a member of the set.
    at += 2 if text[at + 1 : at + 2] == "^" else 1
    at += text[at : at + 1] == "]"
    while at < len(text) and text[at] != "]":
        at += 2 if text[at] == "\\" else 1
    return at
