"""Selectors of rules: a name, a glob, a family, a pack, a severity, or ALL."""

from __future__ import annotations

from algolint.messages import meant, shown
from algolint.rule import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from algolint.rule import Rule

ALL = "ALL"


class Selectors:
    """Finds the rules of a run that a selector matches."""

    __slots__ = ("names", "rules")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self.names = [rule.name for rule in self.rules]

    def matching(self, text: str) -> list[str]:
        """Return the names of the rules that a selector matches."""
        if text in self.names:
            return [text]
        if text == ALL:
            return self.names
        if text.endswith("*") and text[:-1].replace("-", "").isalpha():
            # The most common kind of glob needs no regular expression.
            return [name for name in self.names if name.startswith(text[:-1])]
        if any(sign in text for sign in "*?["):
            from fnmatch import fnmatchcase

            return [name for name in self.names if fnmatchcase(name, text)]
        return [rule.name for rule in self.rules if text in (rule.severity, group_of(rule))]

    def specificity(self, text: str) -> int:
        """Return how specific a selector is: 2 for a rule's name, 1 for a glob, 0 for others."""
        if text in self.names:
            return 2
        return int(any(sign in text for sign in "*?["))

    def explained(self, text: str) -> str:
        """Return the message for a selector that matches nothing."""
        groups = sorted({group_of(rule) for rule in self.rules})
        return f"there is no rule {shown(text)}{meant(text, [*self.names, *groups, *SEVERITIES, ALL])}"


def group_of(rule: Rule) -> str:
    """Return the name of the pack, or of the family of algolint's own rules, that a rule belongs to."""
    pack, slash, _ = rule.name.partition("/")
    return pack if slash else rule.family.replace("_", "-")
