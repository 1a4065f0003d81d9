"""Reporting the findings of `diff` and `metrics` at the configured severities, without suppressed ones."""

from __future__ import annotations

from algolint.compare.diff import DiffRule
from algolint.compare.diff import first_party_rules as diff_rules
from algolint.compare.log_rules import RULES as LOG_RULES
from algolint.linting.linter import RuleSet
from algolint.runs.session import Result, Session, comment_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.config.effective import Settings
    from algolint.diagnostic import Diagnostic
    from algolint.rule import Rule
    from algolint.source import Source


class ComparisonSession(Session):
    """Reports the diagnostics of `diff` and `metrics`, which these commands make themselves."""

    def comparison_rules(self, settings: Settings) -> RuleSet:
        """Return the rules of `diff` and `metrics`, including those of packs.

        Names and globs in the settings may also match rules of `check`.
        """
        packs = [rule for rule in self._pack_rules(settings) if isinstance(rule, DiffRule)]
        others: list[Rule] = [*diff_rules(), *LOG_RULES, *packs]
        return RuleSet(others, self._selection(settings, [*self._rules(settings), *others]))

    def compared(self, name: str, source: Source, found: list[Diagnostic], rules: RuleSet) -> Result:
        """Return the diagnostics of `rules` that are reported, at the configured severities.

        Unused and malformed comments are not reported, because the comments serve other commands as well.
        """
        result = Result(name)
        kept = []
        for diagnostic in found:
            level = rules.selection.level(diagnostic.rule, diagnostic.severity)
            if level is not None:
                diagnostic.severity = level
                kept.append(diagnostic)
        quiet = RuleSet(rules.rules, rules.selection.without(comment_rules()))
        self._report(result, kept, source, self.settings.of(name), quiet)
        return result
