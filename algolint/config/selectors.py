"""Which rules a selector means: the name of a rule or a glob, a family, a pack, a severity, or ALL."""

from __future__ import annotations

from algolint.messages import meant, shown
from algolint.rule import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from algolint.rule import Rule

ALL = "ALL"


class Selectors:
    """Finds the rules that selectors mean among those of a run."""

    __slots__ = ("names", "rules")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self.names = [rule.name for rule in self.rules]

    def matching(self, text: str) -> list[str]:
        """Return the names of the rules that a selector means; none for one without meaning."""
        if text in self.names:
            return [text]
        if text == ALL:
            return self.names
        if text.endswith("*") and text[:-1].replace("-", "").isalpha():
            # The usual glob needs no regular expression.
            return [name for name in self.names if name.startswith(text[:-1])]
        if any(sign in text for sign in "*?["):
            from fnmatch import fnmatchcase

            return [name for name in self.names if fnmatchcase(name, text)]
        return [rule.name for rule in self.rules if text in (rule.severity, group_of(rule))]

    def specificity(self, text: str) -> int:
        """Return how narrow a selector is: 2 for the name of a rule, 1 for a glob, 0 for others."""
        if text in self.names:
            return 2
        return int(any(sign in text for sign in "*?["))

    def explained(self, text: str) -> str:
        """Return a message about a selector without meaning."""
        groups = sorted({group_of(rule) for rule in self.rules})
        return f"there is no rule {shown(text)}{meant(text, [*self.names, *groups, *SEVERITIES, ALL])}"


def group_of(rule: Rule) -> str:
    """Return the name of the family of algolint's own rules, or of the pack, that a rule is of."""
    pack, slash, _ = rule.name.partition("/")
    return pack if slash else rule.family.replace("_", "-")
