"""Explaining the errors of PyYAML to the author of a text.

An error of PyYAML says what the scanner or parser was doing (the context), what it found (the problem), and
where both begin; the C library words some of them differently. The explanations below are tried in order.
"""

from __future__ import annotations

import re

from yaml.error import MarkedYAMLError

from algolint import limits
from algolint.messages import escaped, shown
from algolint.readers.yaml_scalars import BREAKS
from algolint.source import LimitExceeded, SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from algolint.source import Source

    Explanation: TypeAlias = "Callable[[_Refusal], SourceSyntaxError | None]"

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A key and its value without a space after the colon; `s3://` and the like are values.
_JOINED = re.compile(r"[ ]*(?:- )?\w+(:)(?!//)[^\s:][^:\r\n]*(?=\r?\n)")


def explained(source: Source, error: Exception) -> SourceSyntaxError:
    """Return the syntax error that explains PyYAML's error for a text."""
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        refusal = _Refusal(source, error)
        return next(filter(None, (explain(refusal) for explain in _EXPLANATIONS)), None) or refusal.as_it_is()
    unprintable = _UNPRINTABLE.search(source.text)
    if unprintable:
        code = ord(unprintable[0])
        return SourceSyntaxError(f"character U+{code:04X} is not allowed in YAML", unprintable.span())
    if isinstance(error, RecursionError):
        return LimitExceeded("nested too deeply", (0, 0))
    return SourceSyntaxError(f"invalid YAML: {escaped(str(error))}", (0, 0))


def only_refused_by_aws_cli(source: Source, error: Exception | None) -> SourceSyntaxError:
    """Return the error for a text that AWS CLI v2 refuses although other readers accept it."""
    assert error is not None
    found = explained(source, error)
    at_tab = source.text[found.span[0] : found.span[1]] == "\t"
    message = "a tab cannot separate values" if at_tab else found.message
    return SourceSyntaxError(
        f"{message} in AWS CLI v2, although PyYAML and other readers accept it", found.span
    )


class _Refusal:
    """PyYAML's error for a text that it refuses, and its location."""

    def __init__(self, source: Source, error: MarkedYAMLError) -> None:
        self.text = source.text
        self.problem = str(error.problem or "")
        self.context = str(error.context or "")
        #: Where PyYAML stopped, and where the construct begins that it was reading.
        self.at = min(int(error.problem_mark.index), len(self.text))  # type: ignore[union-attr]
        self.opens = min(int(error.context_mark.index), self.at) if error.context_mark else self.at
        self.opening_line = source.position(self.opens)[0]

    def error(self, message: str, offset: int | None = None, length: int = 1) -> SourceSyntaxError:
        start = self.at if offset is None else offset
        return SourceSyntaxError(message, (start, min(start + length, len(self.text))))

    def line_start(self, offset: int) -> int:
        return max(self.text.rfind(end, 0, offset) for end in BREAKS) + 1

    def before(self) -> str:
        """Return the line up to where PyYAML stopped."""
        return self.text[self.line_start(self.at) : self.at]

    def as_it_is(self) -> SourceSyntaxError:
        return self.error(escaped(f"{self.context}: {self.problem}".strip(": ")))


def _open_quote(refusal: _Refusal) -> SourceSyntaxError | None:
    ended = "end of stream" in refusal.problem or "document" in refusal.problem
    if "quoted scalar" in refusal.context and ended:
        return refusal.error("unterminated string; this quote is never closed", refusal.opens)
    return None


def _brackets(refusal: _Refusal) -> SourceSyntaxError | None:
    if "flow sequence" not in refusal.context and "flow mapping" not in refusal.context:
        return None
    if not refusal.text[refusal.at :].strip():
        opening = refusal.text[refusal.opens : refusal.opens + 1]
        return refusal.error(f"this '{opening}' is never closed", refusal.opens)
    what, closing = ("list", "]") if "sequence" in refusal.context else ("object", "}")
    return refusal.error(f"expected ',' or '{closing}' in the {what} opened at line {refusal.opening_line}")


def _first_character(refusal: _Refusal) -> SourceSyntaxError | None:
    if "cannot start any token" not in refusal.problem:
        return None
    char = refusal.text[refusal.at : refusal.at + 1]
    if char == "\t":
        return refusal.error("tab used for indentation; YAML allows only spaces")
    hint = "; quote it" if char in ("{", "%", "@", "`") else ""
    return refusal.error(f"a value cannot start with {shown(char)}{hint}")


def _second_colon(refusal: _Refusal) -> SourceSyntaxError | None:
    if "mapping values are not allowed" not in refusal.problem:
        return None
    if ": " in refusal.before():
        return refusal.error("unquoted value contains ': '; quote the value")
    line = refusal.line_start(refusal.at)
    end_above = max(line - (2 if refusal.text[line - 2 : line] == "\r\n" else 1), 0)
    joined = _JOINED.match(refusal.text, refusal.line_start(end_above), line)
    if joined:
        return refusal.error("missing space after ':'", joined.start(1))
    return refusal.error("unexpected key; check the indentation and the line above")


def _key_without_colon(refusal: _Refusal) -> SourceSyntaxError | None:
    if "could not find expected ':'" not in refusal.problem:
        return None
    rest = re.compile(rf"[^{BREAKS}]*").match(refusal.text, refusal.opens)
    return refusal.error("missing ':' after this key", refusal.opens, max(len(rest[0].rstrip()), 1))  # type: ignore[index]


def _escape(refusal: _Refusal) -> SourceSyntaxError | None:
    if "unknown escape" not in refusal.problem:
        return None
    # The mark is at the backslash in the C library, and after it in the pure Python parser.
    start = refusal.at if refusal.text[refusal.at : refusal.at + 1] == "\\" else refusal.at - 1
    sequence = escaped(refusal.text[start : start + 2])
    message = f"invalid escape sequence {sequence}; double the backslash or use single quotes"
    return refusal.error(message, start, 2)


def _in_block(refusal: _Refusal) -> SourceSyntaxError | None:
    context, line = refusal.context, refusal.opening_line
    if "block" in context and refusal.before().rstrip(" ").endswith(('"', "'")):
        return refusal.error("unexpected text after the closing quote")
    if "block mapping" in context:
        return refusal.error(f"expected a key of the object at line {line}; check the indentation")
    if "block collection" in context or "block sequence" in context:
        return refusal.error(f"expected '- ' for an item of the list at line {line}; check the indentation")
    return None


def _alias(refusal: _Refusal) -> SourceSyntaxError | None:
    if "undefined alias" not in refusal.problem:
        return None
    name = re.compile(r"\*[^\s,\[\]{}]*").match(refusal.text, refusal.at)
    text = name[0] if name else "*"
    return refusal.error(f"undefined alias {shown(text)}", length=len(text))


# Phrases in the problem, and below in the context, with the message for each, located at the problem.
_PROBLEMS = (
    ("block sequence entries are not allowed", "a list item is not allowed here; start it on its own line"),
    ("sequence entries are not allowed", "a list item is not allowed here; start it on its own line"),
    ("block mapping keys are not allowed", "'? ' is not allowed here"),
    ("mapping keys are not allowed", "'? ' is not allowed here"),
    ("tab character", "tab used for indentation; YAML allows only spaces"),
    (
        "expected alphabetic or numeric",
        "expected an anchor or alias name; quote the value if it is text",
    ),
    ("<document start>", "unexpected text after the end of the document; start another with '---'"),
    ("non-comment content", "unexpected text after the end of the document; start another with '---'"),
    ("hexdecimal number", "invalid escape sequence; it has too few hexadecimal digits"),
    ("hexadecimal numbers", "invalid escape sequence; it has too few hexadecimal digits"),
    ("invalid Unicode character escape", "invalid escape sequence; there is no such character"),
    ("undefined tag handle", "undefined tag handle"),
    ("duplicate %YAML", "duplicate %YAML directive"),
    ("duplicate YAML", "duplicate %YAML directive"),
    ("incompatible YAML document", "unsupported %YAML version; 1.1 and 1.2 are supported"),
    ("exceeded maximum", f"nested more than {limits.MAX_DEPTH} levels deep"),
)
_CONTEXTS = (
    ("block scalar", "invalid block scalar; quote the value if it is text that starts with '|' or '>'"),
    ("a tag", "invalid tag; quote the value if it is text that starts with '!'"),
    ("directive", "invalid directive; a line of text cannot start with '%'"),
    ("plain scalar", "unexpected ':' in a list or an object; add a space after it or quote the value"),
)


def _by_problem(refusal: _Refusal) -> SourceSyntaxError | None:
    return next((refusal.error(message) for words, message in _PROBLEMS if words in refusal.problem), None)


def _no_value(refusal: _Refusal) -> SourceSyntaxError | None:
    if "node content" not in refusal.problem:
        return None
    ends = refusal.at == len(refusal.text)
    return refusal.error("unexpected end of file; expected a value" if ends else "expected a value")


def _by_context(refusal: _Refusal) -> SourceSyntaxError | None:
    return next((refusal.error(message) for words, message in _CONTEXTS if words in refusal.context), None)


_EXPLANATIONS: tuple[Explanation, ...] = (
    _open_quote,
    _brackets,
    _first_character,
    _second_colon,
    _key_without_colon,
    _escape,
    _in_block,
    _alias,
    _by_problem,
    _no_value,
    _by_context,
)
