"""A session that keeps models and rules for later ones, so that a campaign can run the command very often."""

from __future__ import annotations

import functools

from algolint import rule_files
from algolint.aws.model import Model
from algolint.cli import check
from algolint.config.effective import Settings
from algolint.rule import Rule
from algolint.runs.session import Session

_model = functools.cache(Model)
_rules = functools.cache(rule_files.first_party_rules)


class KeptSession(Session):
    """A session of the command `check`. Only what depends on options and files is made for each run."""

    def model_of(self, settings: Settings) -> Model:
        """Return the model of the revision in the settings."""
        return _model(settings.get("api-revision"))

    def _first_party_rules(self) -> list[Rule]:
        return list(_rules())


def keep_models_and_rules() -> None:
    """Make `algolint.cli.main.run` use such sessions in this process."""
    vars(check)["Session"] = KeptSession
