"""Any pattern as the parser of `re` reads it, in the terms of `_regex`, and what is wrong with it."""

from __future__ import annotations

import re
import warnings

from algolint import shown

from ._regex import (
    CATEGORIES,
    DOT,
    EVERY,
    LOWER,
    UPPER,
    Anchor,
    Char,
    Choice,
    Fault,
    Group,
    Look,
    Repeat,
    Unclear,
    span,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._regex import Chars

# `re` has loaded its parser by the name it has in this Python.
_UNTIL_3_10 = hasattr(re, "sre_parse")
_parser: Any = getattr(re, "sre_parse" if _UNTIL_3_10 else "_parser")


def parsed(text: str) -> list[Any]:
    """The nodes of a pattern. Raises `Fault`, `Unclear`, RecursionError."""
    tree = _tree(text)
    return _converted(tree, tree.state.flags)


def _tree(text: str) -> Any:
    unknown_escapes: list[str] = []
    read = text
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if _UNTIL_3_10:
                    # Later Pythons refuse what this one deprecates: flags that are not at the start.
                    warnings.simplefilter("error", DeprecationWarning)
                tree = _parser.parse(read)
        except re.error as error:
            # The rest is read as if the escape were plain letters, to see whether it is the only fault.
            at = error.pos
            if at is None or not error.msg.startswith("bad escape \\") or len(unknown_escapes) > 50:
                raise Fault(*_reason(error, text)) from None
            unknown_escapes.append(f"{shown(read[at : at + 2])} at character {at + 1}")
            read = read[:at] + "xx" + read[at + 2 :]
        except DeprecationWarning:
            raise Fault(_LATE_FLAGS, False) from None
        except OverflowError:
            raise Fault("a number of repetitions is too large") from None
        else:
            break
    if unknown_escapes:
        raise Fault(f"{unknown_escapes[0]} is no escape that Python knows", False)
    return tree


_LATE_FLAGS = "flags such as (?i) stand at the start of a pattern only, in Python 3.11 and later"
# What the parser says, up to where the words differ, and what that means. {at} counts from 1.
_REASONS = {
    "missing ), unterminated": "the ( at character {at} is never closed",
    "unbalanced parenthesis": "the ) at character {at} closes nothing",
    "unterminated character set": "the [ at character {at} is never closed",
    "nothing to repeat": "the {char} at character {at} has nothing to repeat; a literal one is \\{char}",
    "multiple repeat": "the {char} at character {at} follows another quantifier; a literal one is \\{char}",
    "bad escape (end of pattern)": "the backslash at the end escapes nothing",
    "bad character range": "the range at character {at} runs backwards, or from or to a class",
    "min repeat greater": "the repetition at character {at} has its minimum above its maximum",
    "unknown extension ?<": "the ? at character {at} begins no group of Python's; a named one is (?P<name>…)",
    "unknown extension": "the ? at character {at} begins no group of Python's",
    "invalid group reference": "the group that character {at} refers to does not exist",
    "cannot refer to an open": "character {at} refers to a group that is still open",
    "unknown group name": "the group that character {at} refers to does not exist",
    "redefinition of group": "two groups have the same name, the second at character {at}",
}


def _reason(error: re.error, text: str) -> tuple[str, bool]:
    at = error.pos if error.pos is not None else 0
    char = text[at : at + 1]
    if _UNTIL_3_10 and (
        (error.msg == "multiple repeat" and char == "+") or error.msg.startswith("unknown extension ?>")
    ):
        # Possessive quantifiers and atomic groups, which this Python does not know and later ones do.
        raise Unclear
    if error.msg.startswith("global flags not at the start"):
        return _LATE_FLAGS, False
    for start, words in _REASONS.items():
        if error.msg.startswith(start):
            return words.replace("{at}", str(at + 1)).replace("{char}", char), True
    return f"{shown(error.msg)[1:-1]} at character {at + 1}", True


def _converted(tree: Any, flags: int) -> list[Any]:
    sequence: list[Any] = []
    for op, value in tree:
        match op.name, value:
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN", _:
                sequence.append(Char(_chars(op.name, value, flags)))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT", (low, high, body):
                most = None if high is _parser.MAXREPEAT else int(high)
                lazy, possessive = op.name == "MIN_REPEAT", op.name == "POSSESSIVE_REPEAT"
                sequence.append(Repeat(_converted(body, flags), int(low), most, lazy, possessive))
            case "SUBPATTERN", (number, more, fewer, body):
                inner = _converted(body, (flags | more) & ~fewer)
                sequence += [Group(inner)] if number is not None else inner
            case "ATOMIC_GROUP", body:
                sequence.append(Repeat(_converted(body, flags), 1, 1, False, True))
            case "BRANCH", (_, ways):
                sequence.append(Choice([_converted(way, flags) for way in ways]))
            case "AT", where:
                kind = where.name
                start = kind.startswith("AT_BEGINNING")
                sequence.append(Anchor("start" if start else "end" if kind.startswith("AT_END") else "other"))
            case "ASSERT" | "ASSERT_NOT", (side, body):
                if side < 0 and body.getwidth()[0] != body.getwidth()[1]:
                    raise Fault("a look-behind, (?<=…) or (?<!…), needs text of a fixed length")
                sequence.append(Look(_converted(body, flags), False))
            case "GROUPREF_EXISTS", (_, yes, no):
                sequence.append(Look([*_converted(yes, flags), *_converted(no or (), flags)], True))
            case _:
                sequence.append(Look([], op.name.startswith("GROUPREF")))
    return sequence


def _chars(name: str, value: Any, flags: int) -> Chars:
    match name:
        case "ANY":
            return EVERY if flags & re.DOTALL else DOT
        case "LITERAL" | "NOT_LITERAL":
            chars: Chars = 1 << min(value, 256)
            negated = name == "NOT_LITERAL"
        case _:
            chars = 0
            negated = False
            for op, part in value:
                match op.name:
                    case "NEGATE":
                        negated = True
                    case "LITERAL":
                        chars |= 1 << min(part, 256)
                    case "RANGE":
                        chars |= span(*part)
                    case "CATEGORY":
                        kind = part.name.rpartition("_")[2]
                        chars |= EVERY ^ CATEGORIES[kind] if "_NOT_" in part.name else CATEGORIES[kind]
    if flags & re.IGNORECASE:
        chars |= (chars & UPPER) << 32 | (chars & LOWER) >> 32
    return EVERY ^ chars if negated else chars
