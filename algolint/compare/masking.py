"""Masking the secrets of compared specs, whichever spec they are in."""

from __future__ import annotations

from algolint.linting.linter import Linter
from algolint.rule_files import first_party_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.aws.model import Model
    from algolint.compare.specs import Spec

# A secret of the other spec has no location in this one.
_NOWHERE = (0, 0)


def mask_secrets(model: Model, *specs: Spec) -> None:
    """Find the secrets of the specs, and mask each of them in everything that is reported."""
    linter = Linter(model, [rule for rule in first_party_rules() if rule.masks])
    sources = [spec.document.source for spec in specs]
    for source in sources:
        linter.lint_source(source)
    secrets = {secret for source in sources for secret in source.redaction.secrets}
    for source in sources:
        for secret in secrets - source.redaction.secrets:
            source.hide(secret, _NOWHERE)
