"""The rule interface: declaring rules, and what they report.

A rule is a generator function. Its name (with `-` for `_`) identifies it, its docstring is its manual page,
and the examples in the docstring are its tests (`algolint.testing`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, Literal, TypeAlias

    from algolint.document import Document
    from algolint.fixes.edit import Edit
    from algolint.values import Path

    Severity: TypeAlias = Literal["error", "warning", "info"]
    Where: TypeAlias = "str | int | Path | Key"
    # A rule, and a problem that it reports.
    Finding: TypeAlias = "tuple[Rule, Problem]"

#: From the most severe to the least.
SEVERITIES = ("error", "warning", "info")
#: The kinds of evidence, the strongest first. The evidence of a rule begins with one of them and a colon.
EVIDENCE_KINDS = ("service", "model", "reference", "guide", "sdk", "derived", "heuristic")


# The prefixes of rules of `algolint diff` and `algolint metrics`, after the name of their pack.
_OF_COMPARISONS = ("diff-", "log-")


def is_of_comparison(selector: str) -> bool:
    """Whether a name or glob only matches rules of `algolint diff` or `algolint metrics`."""
    return selector.rpartition("/")[2].startswith(_OF_COMPARISONS)


def is_of_jobs(selector: str) -> bool:
    """Whether a name or glob only matches rules of `algolint job`, which no pack has."""
    return selector.startswith(("tune-", "job-"))


class Key:
    """The key of a value instead of the value itself: `Key("Name")`, `Key("Tags", 0, "Key")`.

    `Key()` is the key of the value that the rule was called on. An item of a list has no key, so its location
    is the item's first token.
    """

    __slots__ = ("path",)

    def __init__(self, *path: str | int) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"Key{self.path!r}"


def _path(where: Where) -> tuple[Path, bool]:
    match where:
        case Key():
            return where.path, True
        case tuple():
            return where, False
        case _:
            return (where,), False


def _shown(value: object) -> str:
    # The command line imports this module before it installs its module finder; see `algolint`.
    from algolint.messages import shown

    return shown(value)


class Fix:
    """A change of the spec, from which the syntax makes text edits. `where` is relative, as for a problem.

    A fix is safe if it cannot change what the service does, or if the author can only have meant the result.
    Any other fix needs the user's consent.
    """

    __slots__ = ("path", "safe", "title")

    #: The text edits of a fix that changes no value of the spec.
    edits: list[Edit] | None = None

    def __init__(self, where: Where, title: str, safe: bool) -> None:
        self.path, _ = _path(where)
        self.safe = safe
        self.title = title

    def under(self, base: Path) -> Fix:
        """Return the fix with its path moved below `base`."""
        # Without `copy`, whose import takes 3 % of a run with one finding.
        moved = object.__new__(type(self))
        for kind in type(self).__mro__[:-1]:
            for slot in kind.__dict__["__slots__"]:
                setattr(moved, slot, getattr(self, slot))
        moved.path = base + self.path
        return moved

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path!r}, {self.title!r})"


class Remove(Fix):
    """Delete a field with its value, or an item of a list; `()` is the value the rule was called on."""

    __slots__ = ()

    def __init__(self, where: Where, *, title: str = "", safe: bool = False) -> None:
        super().__init__(where, title, safe)
        self.title = title or f"delete {self.path[-1] if self.path else 'the value'}"


class Replace(Fix):
    """Replace a value by another one."""

    __slots__ = ("value",)

    def __init__(self, where: Where, value: Any, *, title: str = "", safe: bool = False) -> None:
        super().__init__(where, title or f"change to {_shown(value)}", safe)
        self.value = value


class Insert(Fix):
    """Add a field to the object at `where` (`()` for the value the rule was called on)."""

    __slots__ = ("key", "value")

    def __init__(self, where: Where, key: str, value: Any, *, title: str = "", safe: bool = False) -> None:
        super().__init__(where, title or f"add {key}: {_shown(value)}", safe)
        self.key = key
        self.value = value


class Rename(Fix):
    """Rename the field at `where`."""

    __slots__ = ("key",)

    def __init__(self, where: Where, key: str, *, title: str = "", safe: bool = False) -> None:
        super().__init__(where, title or f"rename to {key}", safe)
        self.key = key


class Quote(Fix):
    """Make a scalar's token a string by putting quotes around it."""

    __slots__ = ()

    def __init__(self, where: Where, *, title: str = "", safe: bool = False) -> None:
        super().__init__(where, title or "quote the value", safe)


class Related:
    """Another location that a problem is about, and a message for it."""

    __slots__ = ("is_key", "message", "path")

    #: The document of the location, if it is not the problem's.
    document: Document | None = None

    def __init__(self, where: Where, message: str) -> None:
        self.path, self.is_key = _path(where)
        self.message = message

    def under(self, base: Path) -> Related:
        """Return the related location with its path moved below `base`."""
        return Related(Key(*base, *self.path) if self.is_key else base + self.path, self.message)


class Problem:
    """A problem that a rule reports at a location.

    `where` is relative to the value that the rule was called on: a field, an index, a tuple of them,
    `Key("Name")` for the key itself, or `()` for the whole value. The message is in lower case without a full
    stop: the fact, then the limit. `severity` is the rule's by default. `related` has the other locations of
    a conflict. `secret` is text that no report may show, wherever it occurs.
    """

    __slots__ = ("fix", "is_key", "message", "path", "related", "secret", "severity")

    def __init__(
        self,
        where: Where,
        message: str,
        severity: Severity | None = None,
        fix: Fix | None = None,
        related: Related | Iterable[Related] = (),
        secret: str | None = None,
    ) -> None:
        self.path, self.is_key = _path(where)
        self.message = message
        self.secret = secret
        self.severity: Severity | None = severity
        self.fix = fix
        self.related = (related,) if isinstance(related, Related) else tuple(related)

    def under(self, base: Path) -> Problem:
        """Return the problem with its paths moved below `base`."""
        path = base + self.path
        return Problem(
            Key(*path) if self.is_key else path,
            self.message,
            self.severity,
            self.fix.under(base) if self.fix else None,
            [related.under(base) for related in self.related],
            self.secret,
        )

    def about_key(self) -> Problem:
        """Return the problem for the key of the value, without the fix, which would change the value."""
        return Problem(Key(*self.path), self.message, self.severity, None, self.related, self.secret)

    def __repr__(self) -> str:
        return f"Problem({'Key' if self.is_key else ''}{self.path!r}, {self.message!r})"


class Rule:
    """A check with its name, its page and the API shapes it is called on. Made by `rule`."""

    __slots__ = (
        "also",
        "check",
        "collapses",
        "evidence",
        "fix",
        "masks",
        "name",
        "on",
        "replaces",
        "severity",
        "takes_context",
        "url",
    )

    def __init__(
        self,
        check: Callable[..., Iterable[Problem]],
        on: tuple[str, ...],
        severity: Severity,
        also: tuple[Severity, ...],
        evidence: str,
        replaces: tuple[str, ...] = (),
        fix: Literal["safe", "unsafe"] | None = None,
        masks: bool = False,
        collapses: bool = False,
        url: str | None = None,
    ) -> None:
        self.check = check
        self.name = check.__name__.replace("_", "-")
        self.on = on
        self.severity: Severity = severity
        self.also = also
        self.evidence = evidence
        self.replaces = replaces
        self.fix = fix
        self.masks = masks
        self.collapses = collapses
        #: The address of the page, for a rule of a pack.
        self.url = url
        #: Whether the check also takes the `Context`.
        self.takes_context = check.__code__.co_argcount > 1

    @property
    def module(self) -> str:
        """The module that defines the rule."""
        return self.check.__module__

    @property
    def family(self) -> str:
        """The name of the file that defines the rule."""
        return self.module.rpartition(".")[2]

    @property
    def evidence_kind(self) -> str:
        """The strongest of `EVIDENCE_KINDS` in the rule's evidence."""
        return self.evidence.partition(": ")[0]

    @property
    def page(self) -> str:
        """The manual page, which is the docstring without its indentation."""
        lines = (self.check.__doc__ or "").strip().split("\n")
        indents = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
        indent = min(indents, default=0)
        return "\n".join([lines[0], *(line[indent:].rstrip() for line in lines[1:])])

    @property
    def summary(self) -> str:
        """The first line of the page, which states the fault in a sentence."""
        return self.page.partition("\n")[0]

    def __repr__(self) -> str:
        return f"<rule {self.name}>"


def rule(
    *,
    on: str | tuple[str, ...],
    severity: Severity,
    evidence: str,
    also: tuple[Severity, ...] = (),
    replaces: tuple[str, ...] = (),
    fix: Literal["safe", "unsafe"] | None = None,
    masks: bool = False,
    collapses: bool = False,
    url: str | None = None,
) -> Callable[[Callable[..., Iterable[Problem]]], Rule]:
    """Declare a rule.

    `on` has the API shapes that the rule is called on, which may be structures or scalars. `evidence` is
    "kind: where", where kind is one of `EVIDENCE_KINDS`. `also` has other severities that it reports.
    `replaces` has the rules whose findings are dropped where this rule has one. `fix` is the kind of fix it
    offers. `masks` means that its problems name secrets, so that it is called even if it is not selected.
    `collapses` means that its findings in a file have one cause, so that many are reported as one with a
    count. `url` is the address of its page, for a rule of a pack.

    If the function has a second parameter, it receives the `Context`.
    """
    shapes = (on,) if isinstance(on, str) else on

    def declare(check: Callable[..., Iterable[Problem]]) -> Rule:
        return Rule(check, shapes, severity, also, evidence, replaces, fix, masks, collapses, url)

    return declare
