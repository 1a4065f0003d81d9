"""What holds for a file: settings of the command line, its configuration, profiles and the defaults."""

from __future__ import annotations

from algolint.config.files import added
from algolint.config.settings import IN_FILE, PROFILES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.config.files import Configuration


class BadSetting(Exception):
    """Raised for a setting without meaning; the message has its origin and what is allowed."""


class Origin:
    """Where the value of a setting comes from. (To import `enum` for it would take a quarter of a run.)"""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


COMMAND_LINE = Origin("the command line")
DEFAULT = Origin("the default")


class Settings:
    """What holds for a file: the command line's settings, else the configuration's, else the defaults.

    What the command line gives for a setting that adds is added to the configuration's.

    `given` are the command line's, by configuration key; None means "not given". `with_packs` is False
    where rules of others may not run: the names of their rules then have no effect.
    """

    def __init__(self, configuration: Configuration, given: dict[str, Any], with_packs: bool = True) -> None:
        self.configuration = configuration
        self.with_packs = with_packs
        self._given = given
        #: What the profiles that are on set, by key, with the key of the profile.
        self._implied: dict[str, tuple[Any, str]] = {}
        for profile in PROFILES:
            if self.get(profile.key):
                self._implied |= {key: (value, profile.key) for key, value in profile.implies.items()}

    def get(self, key: str, default: Any = None) -> Any:
        """The value for a key: `default`, or else the setting's own default, where nobody gives one."""
        value = self._given.get(key)
        configured = self.configuration.values.get(key)
        if value is None:
            value = configured
        elif configured is not None and IN_FILE[key].adds:
            value = added(configured, value)
        if value is None and key in self._implied:
            value = self._implied[key][0]
        if value is None:
            value = default
        return IN_FILE[key].default if value is None else value

    def matches(self, key: str, path: str) -> bool:
        """Whether a file matches the patterns of a setting, each relative to the configuration it is from."""
        layers = self.configuration.layers(key)
        return any(layer.matches(layer.own[key], path) for layer in layers)

    def gives(self, key: str, text: str) -> bool:
        """Whether the command line gives a text as one of a list, or as a key of a table."""
        return text in (self._given.get(key) or ())

    def origin(self, key: str) -> Origin:
        """Where the value for a key comes from."""
        if self._given.get(key) is not None:
            return COMMAND_LINE
        layers = self.configuration.layers(key)
        if layers:
            return Origin(f"{layers[-1].path}:{layers[-1].line_of(key)}")
        return Origin(self._implied[key][1]) if key in self._implied else DEFAULT
