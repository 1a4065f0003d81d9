"""The branches of `Fn::If`: templates in which one of them is chosen.

A value with a condition is unknown, but each of its branches must be right where it is chosen. A branch is
linted with the rest of the request, where all other conditions are unknown; one in another branch, and those
for which that would take too long, are linted alone. Functions in
their short form, such as `!If`, are read again without the tag, because a value with a tag is unknown.
"""

from __future__ import annotations

from algolint import limits
from algolint.document import Document
from algolint.source import Source, SourceSyntaxError
from algolint.values import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.rule import Fix
    from algolint.source import Span
    from algolint.values import Path

FUNCTION = "Fn::If"
# How far the tag of a function in its short form may be from the value.
_NEAR = 40


class Choice:
    """A branch of the function at a route, which is the second or the third of its arguments."""

    __slots__ = ("condition", "host", "number", "route", "value")

    def __init__(self, host: Document, route: Path, number: int, arguments: list[Any]) -> None:
        #: The template, which has the function in its long form.
        self.host = host
        self.route = route
        self.number = number
        self.condition = arguments[0]
        self.value = arguments[number]

    @property
    def branch(self) -> Path:
        """The route of the branch itself."""
        return (*self.route, FUNCTION, self.number)


def choices(host: Document, route: Path, value: Any) -> list[Choice]:
    """Return the branches of a value, or none if it is no `Fn::If` that can be read."""
    if value is UNKNOWN:
        reread = reread_form(host, route, ("If",))
        if reread is None:
            return []
        value, host = {FUNCTION: reread.value}, reread
    match value:
        case {"Fn::If": [str(), _, _] as arguments}:
            return [Choice(host, route, number, arguments) for number in (1, 2)]
    return []


class RereadDocument(Document):
    """A template in which the function at a route is read in its long form."""

    __slots__ = ("_host", "_inner", "_route", "_shift", "name", "syntax", "value")

    def __init__(self, host: Document, inner: Document, shift: int, route: Path, name: str) -> None:
        super().__init__(host.source, host.spec, host.index, is_template=host.is_template, faults=host.faults)
        self.syntax = host.syntax
        #: The function and its argument.
        self.name = name
        self.value = inner.spec["value"]
        self._host = host
        self._inner = inner
        self._shift = shift
        self._route = route

    def locate(self, path: Path, key: bool = False) -> Span:
        length = len(self._route)
        if path[:length] != self._route or len(path) <= length:
            return self._host.locate(path, key)
        # After the route comes the name of the function.
        start, end = self._inner.locate(("value", *path[length + 1 :]), key)
        return start + self._shift, end + self._shift

    def home(self, fix: Fix) -> tuple[Document, Fix] | None:  # noqa: ARG002
        return None


def reread_form(host: Document, route: Path, names: tuple[str, ...]) -> RereadDocument | None:
    """Return the template with one of the functions at a route read in its long form, or None."""
    start, end = host.locate(route)
    text = host.source.text
    before = text[max(start - _NEAR, 0) : start].rstrip()
    name = next((name for name in names if before.endswith(f"!{name}")), None)
    if name is None or end - start > limits.MAX_FORM_LENGTH:
        return None
    from algolint.readers import yaml as read_yaml

    written = text[start:end]
    # Keep the column of the first line, so that the indentation of further lines stays valid.
    column = max(start - text.rfind("\n", 0, start) - 1, 1) if "\n" in written else 1
    head = f"value:\n{' ' * column}"
    try:
        (document,) = read_yaml.read(Source("", f"{head}{written}\n"))
        return RereadDocument(host, document, start - len(head), route, name)
    except (SourceSyntaxError, ValueError, LookupError, TypeError):
        return None
