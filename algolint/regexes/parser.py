"""Parsing regular expressions into the nodes of `regexes.tree`.

Common patterns are parsed here. Others need the parser of `re`, which is only loaded for them, since that
takes a quarter of a run over one file.
"""

from __future__ import annotations

from algolint.limits import keep
from algolint.regexes.tree import (
    BEYOND,
    CATEGORIES,
    DOT,
    EVERY,
    LOWER,
    UPPER,
    Anchor,
    Char,
    Choice,
    Group,
    IndeterminateError,
    Look,
    Reference,
    RegexSyntaxError,
    Repeat,
    span,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

    from algolint.regexes.tree import Chars

    # The minimum and maximum of repetitions (None: no limit), and the length of the quantifier.
    Times = tuple[int, "int | None", int]


# Patterns are analysed first and then compared with each other.
_parsed: dict[str, list[Any]] = {}


def parse(text: str) -> list[Any]:
    """Return the nodes of a pattern. Raises `RegexSyntaxError`, `IndeterminateError` or RecursionError."""
    sequence = _parsed.get(text)
    if sequence is None:
        sequence = parse_plain(text)
        if sequence is None:
            sequence = parse_any(text)
        keep(_parsed, text, sequence)
    return sequence


# ---------------------------------------------------------------- usual patterns

_CLASSES = {"d": CATEGORIES["DIGIT"], "s": CATEGORIES["SPACE"], "w": CATEGORIES["WORD"]}
_CLASSES |= {letter.upper(): EVERY ^ chars for letter, chars in _CLASSES.items()}


def parse_plain(text: str) -> list[Any] | None:
    """Return the nodes of a pattern of text, sets, groups, alternatives and quantifiers.

    The result is None if the pattern has anything else.
    """
    sequence: list[Any] = []
    # The alternatives before the sequence, and for each open group those around it.
    ways: list[list[Any]] = []
    opened: list[tuple[list[list[Any]], list[Any], bool]] = []
    # The index of the first node that a quantifier would repeat.
    begin: int | None = None
    at = 0
    while at < len(text):
        char = text[at]
        if char in _PLAIN:
            # Most of a pattern is text. A separate loop over its characters takes a third of the time.
            rest = text[at:]
            run = rest[: len(rest) - len(rest.lstrip(_PLAIN_TEXT))]
            at += len(run)
            sequence += [_PLAIN[char] for char in run]
            begin = len(sequence) - 1
        elif char in "*+?{":
            times = _quantifier(text, at)
            if times is None or begin is None:
                return None
            low, high, length = times
            at += length
            lazy = text.startswith("?", at)
            at += lazy
            sequence[begin:] = [Repeat(sequence[begin:], low, high, lazy, False)]
            begin = None
        elif char == "(":
            captures = not text.startswith("(?:", at)
            if captures and text.startswith("(?", at):
                return None
            at += 1 if captures else 3
            opened.append((ways, sequence, captures))
            ways, sequence, begin = [], [], None
        elif char in "|)":
            if not sequence:
                return None
            at += 1
            ways.append(sequence)
            sequence, begin = [], None
            if char == ")":
                body = _alternatives(ways) if opened else None
                if body is None:
                    return None
                ways, sequence, captures = opened.pop()
                begin = len(sequence)
                sequence += [Group(body)] if captures else body
        elif char in "^$":
            at += 1
            sequence.append(Anchor("start" if char == "^" else "end"))
            begin = None
        else:
            found = _one_character(text, at)
            if found is None:
                return None
            chars, at = found
            begin = len(sequence)
            sequence.append(Char(chars))
    if opened or (ways and not sequence):
        return None
    return _alternatives([*ways, sequence])


#: The ASCII characters that have no meaning in a pattern.
_PLAIN = {chr(code): Char(1 << code) for code in range(128) if chr(code) not in r".^$*+?{}[]\|()"}
_PLAIN_TEXT = "".join(_PLAIN)


def _alternatives(ways: list[list[Any]]) -> list[Any] | None:
    """Return the nodes of a group, with the common prefix of all alternatives factored out as `re` does.

    The result is None if the alternatives become one set, which may look like that of a dot or of [^…].
    """
    joined: list[Any] = []
    while len(ways) > 1 and all(ways) and all(_is_same(way[0], ways[0][0]) for way in ways):
        joined.append(ways[0][0])
        ways = [way[1:] for way in ways]
    if len(ways) == 1:
        return ways[0]
    if all(len(way) == 1 and isinstance(way[0], Char) for way in ways):
        chars = 0
        for [char] in ways:
            chars |= char.chars
        return None if chars & BEYOND else [*joined, Char(chars)]
    return [*joined, Choice(ways)]


def _is_same(one: Any, other: Any) -> bool:
    """Whether two nodes are the same set of characters, or anchors at the same position."""
    if isinstance(one, Char):
        return isinstance(other, Char) and one.chars == other.chars
    return isinstance(one, Anchor) and isinstance(other, Anchor) and one.position == other.position


def _quantifier(text: str, at: int) -> Times | None:
    """Return the quantifier at an offset, or None if its braces do not contain a repetition."""
    match text[at]:
        case "*":
            return 0, None, 1
        case "+":
            return 1, None, 1
        case "?":
            return 0, 1, 1
    inner = text[at + 1 : at + 11].partition("}")[0]
    least, comma, most = inner.partition(",")
    closed = text.startswith("}", at + 1 + len(inner))
    if not closed or not inner.isascii() or not least.isdecimal() or not (most or "0").isdecimal():
        return None
    low = int(least)
    high = int(most) if most else None if comma else low
    return None if high is not None and high < low else (low, high, len(inner) + 2)


def _one_character(text: str, at: int) -> tuple[Chars, int] | None:
    """Return the characters that the item at an offset matches, and its end; None if not one character."""
    char = text[at]
    if char == "[":
        return _set(text, at + 1)
    if char == ".":
        return DOT, at + 1
    if char == "\\":
        letter = text[at + 1 : at + 2]
        if not letter or (letter.isascii() and letter.isalnum() and letter not in _CLASSES):
            return None
        return _CLASSES.get(letter) or 1 << min(ord(letter), 256), at + 2
    return None if char in "|]}" else (1 << min(ord(char), 256), at + 1)


def _set(text: str, at: int) -> tuple[Chars, int] | None:
    """Return the characters between [ and ], and the end of the set."""
    negated = text.startswith("^", at)
    at += negated
    chars = 0
    first = at
    while at < len(text):
        char = text[at]
        if char == "]" and at > first:
            return (EVERY ^ chars if negated else chars), at + 1
        if char == "\\":
            found = _one_character(text, at)
            if found is None or text.startswith("-", found[1]):
                return None
            chars |= found[0]
            at = found[1]
        elif text.startswith("-", at + 1) and text[at + 2 : at + 3] not in ("", "]"):
            high = text[at + 2]
            if high == "\\" or high < char:
                return None
            chars |= span(ord(char), ord(high))
            at += 3
        else:
            chars |= 1 << min(ord(char), 256)
            at += 1
    return None


# ---------------------------------------------------------------- any pattern


def parse_any(text: str) -> list[Any]:
    """Return the nodes of a pattern as `re` parses it."""
    tree = python_tree(text)
    return _converted(tree, tree.state.flags)


def _python_parser() -> tuple[Any, bool]:
    """Return the parser that `re` has loaded, and whether it is Python 3.10's."""
    import re

    # The name differs between versions, so type checkers must not see it.
    until_3_10 = hasattr(re, "sre_parse")
    return getattr(re, "sre_parse" if until_3_10 else "_parser"), until_3_10


def python_tree(text: str) -> Any:
    """Return the tree of `re`'s parser. Raises `RegexSyntaxError` if the pattern is invalid."""
    import re
    import warnings

    parser, until_3_10 = _python_parser()
    unknown_escapes: list[str] = []
    read = text
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if until_3_10:
                    # Later versions reject what this one deprecates: flags that are not at the start.
                    warnings.simplefilter("error", DeprecationWarning)
                tree = parser.parse(read)
        except re.error as error:
            at = error.pos
            if at is None or not error.msg.startswith("bad escape \\") or len(unknown_escapes) > 50:
                raise RegexSyntaxError(*_reason(error, text, until_3_10)) from None
            # Parse again with the escape as plain letters, to see whether it is the only error.
            from algolint.messages import shown

            unknown_escapes.append(f"{shown(read[at : at + 2])} at character {at + 1}")
            read = read[:at] + "xx" + read[at + 2 :]
        except DeprecationWarning:
            raise RegexSyntaxError(_LATE_FLAGS, False) from None
        except OverflowError:
            raise RegexSyntaxError("the number of repetitions is too large") from None
        else:
            break
    if unknown_escapes:
        raise RegexSyntaxError(f"{unknown_escapes[0]} is not an escape of Python's re", False)
    return tree


_LATE_FLAGS = "flags such as (?i) must be at the start of the pattern, since Python 3.11"
# How the parser's messages begin, and their meaning. {at} counts from 1.
_REASONS = {
    "missing ), unterminated": "the ( at character {at} is not closed",
    "unbalanced parenthesis": "the ) at character {at} has no matching (",
    "unterminated character set": "the [ at character {at} is not closed",
    "nothing to repeat": "the {char} at character {at} has nothing to repeat; a literal one is \\{char}",
    "multiple repeat": "the {char} at character {at} follows another quantifier; a literal one is \\{char}",
    "bad escape (end of pattern)": "the backslash at the end escapes nothing",
    "bad character range": "the range at character {at} is reversed, or has a class as an end",
    "min repeat greater": "the repetition at character {at} has a minimum above its maximum",
    "unknown extension ?<": "the ? at character {at} begins no group in Python; a named one is (?P<name>…)",
    "unknown extension": "the ? at character {at} begins no group in Python",
    "invalid group reference": "the group that character {at} refers to does not exist",
    "cannot refer to an open": "character {at} refers to a group that is still open",
    "unknown group name": "the group that character {at} refers to does not exist",
    "redefinition of group": "two groups have the same name, the second at character {at}",
}


def _reason(error: re.error, text: str, until_3_10: bool) -> tuple[str, bool]:
    """Return the reason in words, and whether every Python rejects the pattern."""
    at = error.pos if error.pos is not None else 0
    char = text[at : at + 1]
    if until_3_10 and (
        (error.msg == "multiple repeat" and char == "+") or error.msg.startswith("unknown extension ?>")
    ):
        # Possessive quantifiers and atomic groups are new in Python 3.11.
        raise IndeterminateError
    if error.msg.startswith("global flags not at the start"):
        return _LATE_FLAGS, False
    for start, words in _REASONS.items():
        if error.msg.startswith(start):
            return words.replace("{at}", str(at + 1)).replace("{char}", char), True
    from algolint.messages import shown

    return f"{shown(error.msg)[1:-1]} at character {at + 1}", True


def _converted(tree: Any, flags: int) -> list[Any]:
    return [node for op, value in tree for node in _nodes(op.name, value, flags)]


def _nodes(name: str, value: Any, flags: int) -> list[Any]:
    """Return the nodes for one operation of `re`'s parser."""
    match name, value:
        case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN", _:
            return [Char(_chars(name, value, flags))]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT", (low, high, body):
            limit = _python_parser()[0].MAXREPEAT
            most = None if high is limit else int(high)
            lazy, possessive = name == "MIN_REPEAT", name == "POSSESSIVE_REPEAT"
            return [Repeat(_converted(body, flags), int(low), most, lazy, possessive)]
        case "SUBPATTERN", (number, more, fewer, body):
            inner = _converted(body, (flags | more) & ~fewer)
            return [Group(inner)] if number is not None else inner
        case "ATOMIC_GROUP", body:
            return [Repeat(_converted(body, flags), 1, 1, False, True)]
        case "BRANCH", (_, ways):
            return [Choice([_converted(way, flags) for way in ways])]
        case "AT", where:
            return [Anchor(_POSITIONS.get(where.name, "end"))]
        case "ASSERT" | "ASSERT_NOT", (side, body):
            low, high = body.getwidth()
            if side < 0 and low != high:
                raise RegexSyntaxError("a look-behind, (?<=…) or (?<!…), needs text of a fixed length")
            return [Look(_converted(body, flags), int(low) if side < 0 else None, name == "ASSERT_NOT")]
        case "FAILURE", _:
            return [Look([], None, True)]
        case "GROUPREF_EXISTS", (_, yes, no):
            return [Reference([*_converted(yes, flags), *_converted(no or (), flags)])]
        case _:
            return [Reference([])]


_POSITIONS = {
    "AT_BEGINNING": "start",
    "AT_BEGINNING_STRING": "start",
    "AT_BOUNDARY": "boundary",
    "AT_NON_BOUNDARY": "inside",
}


def _chars(name: str, value: Any, flags: int) -> Chars:
    """Return the characters that a literal, a dot or a set matches."""
    import re

    match name:
        case "ANY":
            return EVERY if flags & re.DOTALL else DOT
        case "LITERAL" | "NOT_LITERAL":
            chars: Chars = 1 << min(value, 256)
            negated = name == "NOT_LITERAL"
        case _:
            chars, negated = 0, False
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
