"""The YAML parser of AWS CLI v2, which is ruamel.yaml's pure Python one, and the texts that need it.

libyaml is much faster, and agrees with it on every text that libyaml accepts and `may_differ` is false for.
"""

from __future__ import annotations

from algolint.lazy_regex import lazily_compiled_patterns, lazy

with lazily_compiled_patterns():
    import yaml
    from yaml import events
    from yaml.tokens import (
        AliasToken,
        AnchorToken,
        FlowMappingEndToken,
        FlowMappingStartToken,
        FlowSequenceEndToken,
        FlowSequenceStartToken,
        TagToken,
        ValueToken,
    )

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# Line breaks and marks that the two parsers treat differently, besides tabs and lone carriage returns.
_OTHER_BREAKS = "\x85", "\u2028", "\u2029", "\ufeff"
# A directive, the end of a document, '---' with text after it, and a document that is a block scalar.
_BLOCK_ROOT = r"(?:\s|#[^\n]*\n|[&!]\S*(?=\s))*[|>]"
_ROOT = lazy(_BLOCK_ROOT)
_MARKER = lazy(rf"\n(?:%|\.\.\.|---(?!\s)|---{_BLOCK_ROOT})")
# A comment right after the header of a block scalar, and a block scalar that begins with blank lines.
_AFTER_SIGN = r"[-+0-9]*(?:#| *(?:#[^\n]*)?\n\n* +\n)"
# Two patterns, because searching is twenty times as fast if the first character is fixed.
_HEADERS = ("|", lazy(rf"\|{_AFTER_SIGN}")), (">", lazy(rf">{_AFTER_SIGN}"))
# Tokens on which the two differ: anchor and alias names followed by certain characters, tags with unusual
# characters, and in a flow sequence a value right after its quoted key. libyaml refuses other unusual names.
_ODD_ANCHOR, _ODD_ALIAS = lazy(r"&[0-9A-Za-z_-]+[?:%@`]"), lazy(r"\*[0-9A-Za-z_-]+[?:%@`]")
_ODD_TAG = lazy(r"!(?!!?[A-Za-z][\w.:-]*(?:\s|\Z))")
_ODD_NAMES = _ODD_ANCHOR, _ODD_ALIAS, _ODD_TAG
_JOINED = lazy(r"(?<=[\"']):(?!\s)")
_SIGNS = ("&", _ODD_ANCHOR), ("*", _ODD_ALIAS), ("!", _ODD_TAG), ('":', _JOINED), ("':", _JOINED)
#: Errors that libyaml raises for a half-typed line; AWS CLI v2's parser has the same rules for keys.
REFUSED_BY_BOTH = frozenset(("could not find expected ':'", "mapping values are not allowed in this context"))
_COMMENT = lazy(r"(?<![^\s])#[^\n\r\x85\u2028\u2029]*")


def may_differ(text: str, is_long: bool = False) -> bool:
    """Whether libyaml may read the text differently from AWS CLI v2, or accept what that refuses.

    A long text is not tokenized, and values right after their keys, which JSON often has, are not searched.
    """
    if "\t" in text or ("\r" in text and text.count("\r") != text.count("\r\n")):
        return True
    if not text.isascii() and any(mark in text for mark in _OTHER_BREAKS):
        return True
    if any(sign in text and (pattern.search(text) or _ROOT.match(text)) for sign, pattern in _HEADERS):
        return True
    has_marker = "---" in text or "\n%" in text or "\n..." in text or text[:1] in "%."
    if has_marker and _MARKER.search("\n" + text):
        return True
    signs = _SIGNS[:3] if is_long else _SIGNS
    has_signs = any(sign in text and pattern.search(text) for sign, pattern in signs)
    return has_signs and (is_long or _has_odd_token(text))


def _has_odd_token(text: str) -> bool:
    """Whether such a sign is a token, and not part of a comment or of a scalar, as in `training & tuning`.

    libyaml tokenizes the text, since it agrees with AWS CLI v2 up to the first such token.
    """
    in_sequence = [False]
    try:
        for token in yaml.scan(text, yaml.CLoader):
            match token:
                case FlowSequenceStartToken() | FlowMappingStartToken():
                    in_sequence.append(isinstance(token, FlowSequenceStartToken))
                case FlowSequenceEndToken() | FlowMappingEndToken():
                    in_sequence.pop()
                case AnchorToken() | AliasToken() | TagToken():
                    if any(odd.match(text, token.start_mark.index) for odd in _ODD_NAMES):
                        return True
                case ValueToken() if in_sequence[-1] and _JOINED.match(text, token.start_mark.index):
                    return True
    except (yaml.YAMLError, UnicodeEncodeError, IndexError):
        # libyaml does not accept the text.
        return True
    return False


class AwsCliParser:
    """A parser for PyYAML's composer that translates the events of ruamel.yaml's parser."""

    def __init__(self, text: str) -> None:
        self._events = _events(text)
        self._next: Any = None

    def peek_event(self) -> Any:
        """Return the next event, or None at the end of the stream."""
        if self._next is None:
            self._next = next(self._events, None)
        return self._next

    def get_event(self) -> Any:
        """Return the next event and consume it."""
        event = self.peek_event()
        self._next = None
        return event

    def check_event(self, *kinds: type) -> bool:
        """Whether there is another event, of one of the kinds if any are given."""
        event = self.peek_event()
        return event is not None and (not kinds or isinstance(event, kinds))


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    end = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            translated = _translated(event)
            if isinstance(translated, events.ScalarEvent) and event.start_mark.index == event.end_mark.index:
                # PyYAML locates an empty value right after its key or hyphen, before comments.
                translated.start_mark = translated.end_mark = _mark_at(
                    _indicated(text, end, event.end_mark.index)
                )
            yield translated
            end = translated.end_mark.index
    except MarkedYAMLError as error:
        marks = _mark(error.context_mark), _mark(error.problem_mark)
        raise yaml.MarkedYAMLError(error.context, marks[0], error.problem, marks[1]) from None
    except AssertionError:
        # ruamel.yaml asserts that it knows the version of a %YAML directive.
        mark = _mark_at(max(text.find("%YAML"), 0))
        raise yaml.MarkedYAMLError(None, None, "incompatible YAML document", mark) from None
    except Exception as error:
        # The parser, and so the AWS CLI, may fail with other errors too.
        raise yaml.YAMLError(str(error)) from None


def _translated(event: Any) -> Any:
    """Return PyYAML's equivalent of an event of ruamel.yaml, which forked PyYAML's classes."""
    kind = getattr(events, type(event).__name__)
    marks = _mark(event.start_mark), _mark(event.end_mark)
    match event:
        case _ if kind is events.ScalarEvent:
            tag, implicit = _tag(event), event.implicit
            return kind(event.anchor, tag, implicit, event.value, *marks, style=event.style or None)
        case _ if issubclass(kind, events.CollectionStartEvent):
            return kind(event.anchor, _tag(event), event.implicit, *marks, flow_style=event.flow_style)
        case _ if kind is events.AliasEvent:
            return kind(event.anchor, *marks)
        case _ if kind is events.DocumentStartEvent:
            return kind(*marks, explicit=event.explicit, version=event.version)
    return kind(*marks)


def _tag(event: Any) -> str | None:
    # In some versions a tag is an object.
    return None if event.tag is None else str(event.tag)


def _mark(mark: Any) -> Any:
    return mark and _mark_at(mark.index)


def _mark_at(index: int) -> Any:
    # Lines and columns are counted by `Source`.
    return yaml.Mark("", index, 0, 0, None, 0)


def _indicated(text: str, start: int, end: int) -> int:
    """Return the end of the last indicator in a part of a text that has only indicators and comments."""
    part = _COMMENT.sub(lambda match: " " * len(match[0]), text[start:end])
    return start + len(part.rstrip())


def tokens(text: str) -> Iterator[Any]:
    """Yield the tokens of a text. Raises `yaml.YAMLError`."""
    from ruamel.yaml import YAML

    try:
        yield from YAML(typ="safe", pure=True).scan(text)
    except Exception as error:
        raise yaml.YAMLError(str(error)) from None
