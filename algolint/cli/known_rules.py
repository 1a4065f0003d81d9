"""The rules that `rules`, `explain` and the completion know."""

from __future__ import annotations

from algolint.config.effective import SettingsFinder
from algolint.runs.comparison_session import ComparisonSession

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.rule import Rule


def compare_rules() -> list[Rule]:
    """Return the rules of `diff` and `metrics`."""
    from algolint.compare.diff import first_party_rules as diff_rules
    from algolint.compare.log_rules import RULES as LOG_RULES

    return [*diff_rules(), *LOG_RULES]


def configured_rules() -> list[Rule]:
    """Return the rules for the current folder, including those of packs, sorted by name."""
    session = ComparisonSession(SettingsFinder({}))
    others = session.comparison_rules(session.settings.of("")).rules
    found = [*session.rules_of("").values(), *(rule for rule in others if "/" in rule.name)]
    return sorted(found, key=lambda rule: rule.name)
