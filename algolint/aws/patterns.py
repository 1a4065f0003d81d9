"""The model's patterns, matched against the whole text as the service does.

Most text is plain, and string methods show that it matches. Compiling some fifteen patterns would cost more
than linting a request.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from algolint.values import PartialText

# The ASCII characters of character classes, given as Unicode properties; other text is matched by `regex`.
_ASCII_PROPERTIES = {
    r"\p{L}": "a-zA-Z",
    r"\p{M}": "",
    r"\p{N}": "0-9",
    r"\p{Z}": " ",
    r"\p{P}": r"!-#%-*,\-./:;?@\[-\]_{}",
    r"\p{S}": r"$+<=>\^`|~",
}
# `.` in the service's engine, which excludes more line breaks than Python's.
_JAVA_DOT = "[^\\n\\r\\x85\\u2028\\u2029]"
#: Longer text is not matched, as matching could take long. Its length is reported instead.
LONGEST_MATCHED = 20_000


def quick_test(pattern: str | None) -> Callable[[str], bool]:
    """Return a quick test that is true only for ASCII text that matches. `matches` decides for other text."""
    return _QUICK_TESTS.get(pattern or "", lambda _: False)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole of a text matches a pattern of the model."""
    if pattern in _EXACTLY_TESTED and text.isascii() and text.isprintable():
        return quick_test(pattern)(text)
    import re

    if "\\p{" not in pattern:
        return re.fullmatch(_translated(pattern), text, re.ASCII) is not None
    if text.isascii():
        for name, members in _ASCII_PROPERTIES.items():
            pattern = pattern.replace(name, members)
        return re.fullmatch(pattern, text, re.ASCII) is not None
    import regex

    return regex.fullmatch(pattern, text) is not None


def may_match(pattern: str, text: PartialText) -> bool:
    """Whether the whole of a partially known text may match a pattern of the model."""
    from algolint.aws import partial_patterns

    pieces = text.pieces
    if "\\p{" in pattern:
        for name, members in _ASCII_PROPERTIES.items():
            pattern = pattern.replace(name, members)
        # A character that is not ASCII is treated as a hole: it may be any.
        pieces = tuple(part for piece in pieces for part in _ascii_parts(piece))
    else:
        pattern = _translated(pattern)
    return partial_patterns.may_match(pattern, pieces)


def _ascii_parts(text: str) -> list[str]:
    import re

    return re.split("[^\\x00-\\x7f]+", text)


def _translated(pattern: str) -> str:
    """Return the pattern with `.` replaced, except in classes and escapes."""
    import re

    parts = re.split(r"(\\.|\[(?:\\.|[^\]\\])*\])", pattern)
    return "".join(part.replace(".", _JAVA_DOT) if i % 2 == 0 else part for i, part in enumerate(parts))


def _without(characters: str) -> Callable[[str], str]:
    table = str.maketrans("", "", characters)
    return lambda text: text.translate(table)


_tag_words = _without("_.:/=+-@ ")
_channel_words = _without("._-")
_key_words = _without(":/_-")


def _is_name(text: str) -> bool:
    words = text.replace("-", "")
    return words.isalnum() and len(words) <= 63 and text[0] != "-" != text[-1]


def _is_address(text: str) -> bool:
    scheme, colon, rest = text.partition("://")
    return colon != "" and scheme in ("s3", "https") and rest[:1] not in ("", "/") and text.isprintable()


def _is_role(text: str) -> bool:
    parts = text.split(":")
    return (
        len(parts) == 6
        and parts[:4] == ["arn", "aws", "iam", ""]
        and len(parts[4]) == 12
        and parts[4].isdecimal()
        and parts[5].startswith("role/")
        and parts[5][5:].replace("-", "").replace("/", "").replace("_", "").isalnum()
    )


def _is_media_type(text: str) -> bool:
    kind, slash, rest = text.partition("/")
    return slash != "" and kind.isalnum() and rest != "" and rest.isprintable()


# By pattern, a test that is true only for ASCII text that matches. Other text may match as well.
_QUICK_TESTS: dict[str, Callable[[str], bool]] = {
    ".*": str.isprintable,
    ".+": lambda text: text != "" and text.isprintable(),
    r"[\S]+": lambda text: text != "" and " " not in text and text.isprintable(),
    "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}": _is_name,
    r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*": str.isprintable,
    r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)": lambda text: _tag_words(text).isalnum(),
    r"[A-Za-z0-9\.\-_]+": lambda text: text != "" and (_channel_words(text) or "a").isalnum(),
    "[a-zA-Z_][a-zA-Z0-9_]*": str.isidentifier,
    "[a-zA-Z_][a-zA-Z0-9_]{0,1023}": lambda text: text.isidentifier() and len(text) <= 1024,
    "[a-zA-Z0-9:/_-]*": lambda text: _key_words(text).isalnum(),
    "(https|s3)://([^/]+)/?(.*)": _is_address,
    r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+": _is_role,
    r"[-\w]+\/.+": _is_media_type,
}
# The patterns whose tests are true for all printable ASCII text that matches. For a name or an image that
# does not, importing `re` would take 21 % of a clean run.
_EXACTLY_TESTED = frozenset(
    (
        ".*",
        ".+",
        r"[\S]+",
        "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
        r"[A-Za-z0-9\.\-_]+",
        "[a-zA-Z_][a-zA-Z0-9_]*",
        "[a-zA-Z_][a-zA-Z0-9_]{0,1023}",
    )
)
