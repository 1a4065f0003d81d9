"""The values of YAML's scalars: in YAML 1.2 with the extras of ruamel.yaml's safe loader, and in YAML 1.1.

CloudFormation documents YAML 1.1 without timestamps. Many users have reported that it reads `010` as 8, `yes`
as a boolean, and the account 012345678901 as 1.2345678901E10.
"""

from __future__ import annotations

import re

from algolint.lazy_regex import lazy
from algolint.messages import shown
from algolint.values import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class YamlScalar(str):
    """The text of a plain scalar that some YAML readers do not read as a string.

    `certain`: YAML 1.2 itself reads it as a value that JSON does not have, such as a date. Otherwise YAML 1.2
    reads it as this text, and YAML 1.1 as something else (`no`, `12:30:45`). `value` is that value, if the
    document is for a YAML 1.1 reader.
    """

    __slots__ = ("certain", "reads_as", "value")

    def __new__(
        cls, text: str, reads_as: str, certain: bool, value: bool | float | None = None
    ) -> YamlScalar:
        scalar = super().__new__(cls, text)
        scalar.reads_as = reads_as
        scalar.certain = certain
        scalar.value = value
        return scalar

    reads_as: str
    certain: bool
    value: bool | float | None


#: The line breaks of YAML 1.1, which are also those of libyaml and PyYAML.
BREAKS = "\n\r\x85\u2028\u2029"
WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_SWITCHES = {form: word in ("yes", "on") for word in ("yes", "no", "on", "off")
             for form in (word, word.capitalize(), word.upper())}  # fmt: skip
_SWITCHES_1_1 = _SWITCHES | {"y": True, "Y": True, "n": False, "N": False}

_FLOAT = lazy(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)"
    r"|\.(?:nan|NaN|NAN)"
)
_INTEGER = lazy(r"[-+]?(?:0b[01_]+|0o?[0-7_]+|[0-9_]+|0x[0-9a-fA-F_]+)")
_DATE = lazy(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)
_SEXAGESIMAL = lazy(r"[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+")
_SEXAGESIMAL_FLOAT = lazy(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*")
# Each part multiplies the number before it; no time of day is so long.
_LONGEST_SEXAGESIMAL = 1000
_OCTAL_1_1 = lazy(r"[-+]?0[0-7_]+")
_LEADING_ZERO = lazy(r"[-+]?0[0-9_]+")
_BASES = {"0b": 2, "0o": 8, "0x": 16}
_NUMBER_STARTS = frozenset("-+.0123456789")


def resolve(token: str) -> Any:
    """Return the value of a plain scalar in YAML 1.2. Raises ValueError for those the AWS CLI fails on."""
    if token in WORDS:
        return WORDS[token]
    if token[0] in _NUMBER_STARTS:
        if _FLOAT.fullmatch(token):
            return _float(token)
        if _INTEGER.fullmatch(token):
            return _integer(token)
        if _DATE.fullmatch(token):
            return _date(token)
        if _SEXAGESIMAL.fullmatch(token):
            return YamlScalar(token, "an integer", certain=False)
        if _SEXAGESIMAL_FLOAT.fullmatch(token):
            return YamlScalar(token, "a number", certain=False)
    elif token in _SWITCHES:
        return YamlScalar(token, "a boolean", certain=False)
    elif token in ("=", "<<"):
        raise ValueError(f"'{token}' is not a value; quote it")
    return token


def resolve_1_1(token: str) -> Any:
    """Return the value of a plain scalar under a `%YAML 1.1` directive."""
    if token in _SWITCHES_1_1:
        return _SWITCHES_1_1[token]
    if ":" in token and len(token) > _LONGEST_SEXAGESIMAL:
        return token
    if _SEXAGESIMAL_FLOAT.fullmatch(token):
        return _sexagesimal(token, float)
    if _SEXAGESIMAL.fullmatch(token):
        return _sexagesimal(token, int)
    if _OCTAL_1_1.fullmatch(token):
        return _integer(token.replace("0", "0o", 1))
    if token[:2] == "0o" or (token[:1] == "0" and token.isdigit()) or re.match(r"[-+]\.[0-9]", token):
        return token
    return resolve(token)


def resolve_in_cloudformation(token: str) -> Any:
    """Return the value of a plain scalar in a CloudFormation template, which is read as YAML 1.1.

    CloudFormation has no dates, and reads a zero followed by decimal digits as a floating-point number.
    """
    if token in _SWITCHES:
        return YamlScalar(token, "a boolean", False, _SWITCHES[token])
    if token[:1] in _NUMBER_STARTS:
        if _LEADING_ZERO.fullmatch(token):
            read = resolve_1_1 if _OCTAL_1_1.fullmatch(token) else float
            return YamlScalar(token, "a number", False, read(token.replace("_", "")))
        if _SEXAGESIMAL.fullmatch(token) or _SEXAGESIMAL_FLOAT.fullmatch(token):
            value = resolve_1_1(token)
            return token if value is token else YamlScalar(token, "a number", False, value)
        if token[:2] == "0o" or _DATE.fullmatch(token):
            return token
    return resolve(token)


def _float(token: str) -> Any:
    text = token.replace("_", "").lower()
    if text == ".nan":
        return YamlScalar(token, "NaN", certain=True)
    if text.endswith(".inf"):
        return float("-inf" if text[0] == "-" else "inf")
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{shown(token)} is not a valid number; quote it") from None


# For an integer with more digits, a message gives their number.
_LONGEST_SHOWN = 1000


def _integer(token: str) -> int:
    text = token.replace("_", "")
    sign = -1 if text[:1] == "-" else 1
    digits = text.lstrip("+-")
    try:
        base = _BASES.get(digits[:2])
        number = sign * (int(digits[2:], base) if base else int(digits))
        # Python also limits conversion to text, and a message must be able to show the number.
        str(number)
    except ValueError:
        if len(digits) > _LONGEST_SHOWN:
            raise ValueError(f"integer with {len(digits):,} digits is too long") from None
        raise ValueError(f"{shown(token)} is not a valid integer; quote it") from None
    return number


def _sexagesimal(token: str, part_type: type[int] | type[float]) -> Any:
    text = token.replace("_", "")
    sign = -1 if text[0] == "-" else 1
    value = part_type(0)
    for part in text.lstrip("+-").split(":"):
        value = value * 60 + part_type(part)
    return sign * value


def _date(token: str) -> YamlScalar:
    return YamlScalar(
        token, "a date" if len(token) == 10 and ":" not in token else "a timestamp", certain=True
    )


# A file has more scalars than `limits.MAX_KEPT`, most of them short.
_MOST_KEPT = 8192
_LONGEST_KEPT = 64


class Scalars(dict[str, "Any"]):
    """A cache of the values of plain scalars, which repeat within files and across files."""

    __slots__ = ("_resolve",)

    def __init__(self, resolve: Callable[[str], Any]) -> None:
        super().__init__()
        self._resolve = resolve

    def __missing__(self, token: str) -> Any:
        value = self._resolve(token)
        if len(token) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[token] = value
        return value


SCALARS = Scalars(resolve)
SCALARS_1_1 = Scalars(resolve_1_1)
SCALARS_IN_CLOUDFORMATION = Scalars(resolve_in_cloudformation)


def tagged(name: str, token: str) -> Any:
    """Return the value of a scalar with a standard tag, such as `!!int`, given by its name.

    Raises ValueError if the text is not valid for the tag.
    """
    match name:
        case "str":
            return token
        case "null":
            return None
        case "int":
            return _integer(token)
        case "float":
            return _float(token)
        case "timestamp" if _DATE.fullmatch(token):
            return _date(token)
        case "bool" if isinstance(value := (WORDS | _SWITCHES_1_1).get(token.lower()), bool):
            return value
        case "timestamp" | "bool" | "seq" | "map":
            raise ValueError(f"{shown(token)} is not a valid !!{name}")
    return UNKNOWN
