"""Which rules the settings select, and at which severity they report."""

from __future__ import annotations

import os

from algolint import rule_files
from algolint.config.files import ConfigurationError
from algolint.config.selectors import Selectors
from algolint.linting.linter import Selection
from algolint.rule import EVIDENCE_KINDS, is_of_comparison
from algolint.spec import structural_rules as structural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from algolint.config.effective import Settings
    from algolint.rule import Rule


def selected(rules: Sequence[Rule], settings: Settings, show_info: bool) -> Selection:
    """Return the selection that the settings make among rules. Raises `ConfigurationError`."""
    known = Selectors(rules)

    def wanted(key: str) -> set[str]:
        texts = settings.get(key, ())
        return {name for text in texts for name in _matching(text, known, settings, key)}

    chosen = set(known.names) if settings.get("select") is None else wanted("select")
    least = settings.get("min-evidence")
    if least is not None:
        firm = EVIDENCE_KINDS[: EVIDENCE_KINDS.index(least) + 1]
        chosen &= {rule.name for rule in rules if rule.evidence_kind in firm or rule in structural.FILE_RULES}
    chosen = (chosen - wanted("ignore") | wanted("extend-select")) - wanted("extend-ignore")
    levels: dict[str, Any] = {}
    rows = settings.get("severity", {})
    for text in sorted(rows, key=known.specificity):
        levels |= dict.fromkeys(_matching(text, known, settings, "severity"), rows[text])
    chosen -= {name for name, level in levels.items() if level == "off"}
    return Selection(frozenset(chosen), levels, show_info, _shown_info(known, settings))


def ignored_in(name: str, rules: Sequence[Rule], settings: Settings) -> set[str]:
    """Return the rules that `per-file-ignores` silences in a file."""
    ignored: set[str] = set()
    for layer in settings.configuration.layers("per-file-ignores"):
        for pattern, texts in layer.own["per-file-ignores"].items():
            if layer.matches([pattern], name):
                known = Selectors(rules)
                for text in texts:
                    ignored |= set(_matching(text, known, settings, "per-file-ignores"))
    return ignored


def _shown_info(known: Selectors, settings: Settings) -> frozenset[str]:
    """Return the info rules that are shown without `show-info`, because they are selected by name."""
    found = {"marketplace"} if settings.get("marketplace") else set()
    texts = {text for key in ("select", "extend-select") for text in settings.get(key, ())}
    found |= {text for text in texts if text == "info" or text in known.names}
    return frozenset(name for text in found for name in known.matching(text))


def _matching(text: str, known: Selectors, settings: Settings, key: str) -> list[str]:
    """Return the names of the rules that a selector matches."""
    found = known.matching(text)
    if "/" in text and is_of_comparison(text) and not any(map(is_of_comparison, known.names)):
        # Rules of a pack that belong to other commands.
        return found
    if not found and (settings.with_packs or not _is_of_pack(text, settings)) and not _is_elsewhere(text):
        message = known.explained(text)
        if settings.gives(key, text):
            raise ConfigurationError(f"--{key}: {message}")
        raise settings.configuration.error(message, key, text)
    return found


def _is_of_pack(text: str, settings: Settings) -> bool:
    """Whether a selector refers to a pack that the configuration names, or to its rules."""
    folders = settings.get("rule-directories", ())
    packs = [*settings.get("plugins", ()), *(os.path.basename(os.path.normpath(path)) for path in folders)]
    return "/" in text or text in packs


def _is_elsewhere(text: str) -> bool:
    """Whether a selector refers to rules of another command: one configuration serves them all."""
    from algolint.compare.diff import first_party_rules as diff_rules
    from algolint.compare.log_rules import RULES as LOG_RULES
    from algolint.jobs.linter import job_rules

    others = (*rule_files.first_party_rules(), *diff_rules(), *LOG_RULES, *job_rules())
    return bool(Selectors(others).matching(text))
