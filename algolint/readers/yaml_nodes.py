"""Composing the nodes of a YAML text, with limits on their depth and number.

PyYAML composes them from the events of libyaml, or of the AWS CLI's own parser if the two may differ.
"""

from __future__ import annotations

import re

from algolint import limits
from algolint.lazy_regex import lazily_compiled_patterns, lazy
from algolint.readers.bounds import too_deep, too_many_values
from algolint.readers.yaml_awscli import REFUSED_BY_BOTH, AwsCliParser, may_differ
from algolint.source import LimitExceeded

with lazily_compiled_patterns():
    import yaml
    from yaml.composer import Composer, ComposerError
    from yaml.error import YAMLError
    from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    # PyYAML has no types; the class of a node is its kind.
    Node: TypeAlias = Any
    # The class of a loader, or a function that makes one.
    Load: TypeAlias = Callable[[str], Any]


class _Unresolved:
    """Mixin that leaves nodes untagged unless a tag is written, so that `!!str 1` differs from `1`."""

    def resolve(self, _kind: object, _value: object, _implicit: object) -> None:
        return None

    def descend_resolver(self, _parent: object, _index: object) -> None:
        return None

    def ascend_resolver(self) -> None:
        return None


class _Counting:
    """Mixin that stops composing at the limit of values; the composer calls it for each node."""

    values = 0

    def descend_resolver(self, parent: object, index: object) -> None:
        if index is not None or parent is None:
            self.values += 1
            if self.values > limits.MAX_VALUES:
                raise too_many_values()


class _Redefining(Composer):
    """A composer that allows an anchor to be redefined, which YAML does and PyYAML does not."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[attr-defined]
        if not isinstance(event, AliasEvent):
            self.anchors.pop(event.anchor, None)
        return super().compose_node(parent, index)


class _AwsCliLoader(_Counting, _Unresolved, _Redefining, AwsCliParser):
    def __init__(self, text: str) -> None:
        AwsCliParser.__init__(self, text)
        Composer.__init__(self)


if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _FastLoader(_Unresolved, CParser):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)

    class _FastCountingLoader(_Counting, _FastLoader):
        pass

    class _FastRedefiningLoader(_Counting, _Unresolved, _Redefining, CParser):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)


def _fast_loader(text: str) -> Any:
    # A text has at least as many characters as values, so a short one need not be counted.
    return _FastCountingLoader(text) if len(text) > limits.MAX_VALUES else _FastLoader(text)


#: A depth that is safe in the C library; the pure Python composer raises RecursionError.
_MAX_SAFE_DEPTH = 1000

# A block collection starts at a column with nothing but these characters before it on its line.
_FAR_COLUMN = 100
_UNBOUNDED = 1 << 30
_FAR_INDENT = lazy(rf"\n[ \t?:\ufeff-]{{{_FAR_COLUMN}}}")
_OTHER_BREAKS = lazy(r"[\r\x85\u2028\u2029]")


def depth_bound(text: str) -> int:
    """Return an upper bound of the text's depth, or `_UNBOUNDED` if only parsing can tell.

    Nested block collections have increasing columns, except that a sequence may share the column of the
    mapping around it. In flow style, each bracket opens at most a collection and one mapping without braces.
    """
    if "\r" in text or not text.isascii():
        lines = _OTHER_BREAKS.sub("\n", text)
    else:
        lines = text
    if _FAR_INDENT.match("\n" + lines[:_FAR_COLUMN]) or _FAR_INDENT.search(lines):
        return _UNBOUNDED
    return 2 * (_FAR_COLUMN + 1) + 2 * (text.count("[") + text.count("{"))


def _check_events(text: str, load: Load) -> None:
    """Check depth and number of values using the parser's events, without recursion."""
    loader = load(text)
    depth = nodes = 0
    while loader.check_event():
        event = loader.get_event()
        if isinstance(event, CollectionStartEvent):
            depth += 1
            if depth > limits.MAX_DEPTH:
                raise nested_too_deep(event.start_mark.index)  # type: ignore[union-attr]
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
            continue
        # At most half of the nodes are keys, which are not counted as values.
        nodes += isinstance(event, NodeEvent)
        if nodes > 2 * limits.MAX_VALUES:
            raise too_many_values()


def nested_too_deep(offset: int) -> LimitExceeded:
    return too_deep((offset, offset + 1))


# Reading 60 KB takes 24 and 35 ms with libyaml, and 330 and 500 ms with the AWS CLI's parser.
_AWS_CLI_EFFORT = 14


class Composed:
    """The nodes of a text, and how they were read.

    `refusal` is the error of AWS CLI v2's parser for a text that libyaml accepts. `is_compared` is False if
    the text was too long to find out whether there would be one. `effort` is how many times as long as usual
    it took to read.
    """

    def __init__(
        self, text: str, load: Load, refusal: YAMLError | None = None, is_compared: bool = True
    ) -> None:
        self.text = text
        self.is_compared = is_compared
        self.load = load
        self.refusal = refusal
        self.effort = _AWS_CLI_EFFORT if load is _AwsCliLoader or refusal else 1
        self.nodes = _root_nodes(text, load)


def compose(text: str) -> Composed:
    """Compose the nodes of a text as AWS CLI v2 does, or as libyaml does if AWS CLI v2 refuses it."""
    if not yaml.__with_libyaml__:
        return Composed(text, _AwsCliLoader)
    if len(text) > limits.MAX_COMPARED_LENGTH:
        return Composed(text, _fast_loader, is_compared=not may_differ(text, is_long=True))
    if may_differ(text):
        if _nests_much(text):
            return Composed(text, _fast_loader, is_compared=False)
        try:
            return Composed(text, _AwsCliLoader)
        except YAMLError as refusal:
            return Composed(text, _fast_loader, refusal)
    try:
        return Composed(text, _fast_loader)
    except (YAMLError, UnicodeEncodeError) as error:
        # Parsing it again would take most of the time of a keystroke: 12 of 16 ms for 9 KB.
        if getattr(error, "problem", None) in REFUSED_BY_BOTH or _nests_much(text):
            raise
        try:
            return Composed(text, _AwsCliLoader)
        except YAMLError:
            raise error from None


_IN_BRACKETS = lazy(r"[\[\]{},:]")


def _nests_much(text: str) -> bool:
    """Whether AWS CLI v2's parser takes long: for each token it examines all brackets around it."""
    depth = examined = 0
    for match in _IN_BRACKETS.finditer(text):
        depth = max(depth + (match[0] in "[{") - (match[0] in "]}"), 0)
        examined += depth
    return examined > limits.MAX_COMPARED_BRACKETS


def _root_nodes(text: str, load: Load) -> list[Node]:
    """Return the root node of each document of the stream."""
    if text.count("\n%") > limits.MAX_TAG_DIRECTIVES:
        _check_directives(text)
    if depth_bound(text) > _MAX_SAFE_DEPTH or text.count("*") > limits.MAX_VALUES:
        _check_events(text, load)
    try:
        return _nodes(load(text))
    except RecursionError:
        _check_events(text, load)
        raise
    except ComposerError as error:
        if "duplicate anchor" not in str(error.context):
            raise
    return _nodes(_FastRedefiningLoader(text))


def _check_directives(text: str) -> None:
    """Raise `SourceSyntaxError` for more tag directives in a row than `limits.MAX_TAG_DIRECTIVES`."""
    count = 0
    for match in re.compile(r"^(?:(%TAG)|---|\.\.\.)", re.MULTILINE).finditer(text):
        count = count + 1 if match[1] else 0
        if count > limits.MAX_TAG_DIRECTIVES:
            raise LimitExceeded(f"more than {limits.MAX_TAG_DIRECTIVES} tag directives", match.span())


def _nodes(loader: Any) -> list[Node]:
    nodes = []
    while loader.check_node():
        nodes.append(loader.get_node())
    return nodes
