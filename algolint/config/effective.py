"""The settings that apply to a file: from the command line, its configuration, profiles and defaults."""

from __future__ import annotations

import os

from algolint.config.files import FILES, Configuration, ConfigurationError, added, text_of
from algolint.config.settings import IN_FILE, PROFILES
from algolint.lazy_module import LazyModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.config import loading
else:
    # Not loaded where there is no configuration.
    loading = LazyModule("algolint.config.loading")


#: What may give values: the command line, or the arguments of a function for programs.
COMMAND_LINE = "the command line"
ARGUMENT = "an argument of the call"


class Settings:
    """The settings that apply to a file: from the command line, else its configuration, else the defaults.

    For a setting with `adds`, the command line's values are added to the configuration's.

    `with_packs` is False if third-party rules must not run; their names in settings then have no effect.
    """

    def __init__(
        self, configuration: Configuration, given: dict[str, Any], with_packs: bool, given_by: str
    ) -> None:
        self.configuration = configuration
        self.with_packs = with_packs
        self._given = given
        self._given_by = given_by
        #: Values implied by profiles that are on, by key, each with the key of its profile.
        self._implied: dict[str, tuple[Any, str]] = {}
        for profile in PROFILES:
            if self.get(profile.key):
                self._implied |= {key: (value, profile.key) for key, value in profile.implies.items()}

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value for a key; if nothing sets it, `default` or else the setting's own default."""
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
        """Whether a file matches the patterns of a setting, each relative to its configuration's folder."""
        layers = self.configuration.layers(key)
        return any(layer.matches(layer.own[key], path) for layer in layers)

    def path(self, key: str) -> str | None:
        """Return the path that a setting gives, relative to the configuration's folder if that sets it.

        None if nothing sets it, which an empty text also means.
        """
        path: str | None = self.get(key) or None
        if path is None or self.is_given(key):
            return path
        return os.path.join(self.configuration.layers(key)[-1].folder, path)

    def paths(self, key: str) -> list[tuple[str, str]]:
        """Return the paths in a list or table, each relative to the folder of the file that sets it.

        Before each is its key in the table, or its text in the list. Those of the extending file come last.
        """
        found = []
        for layer in self.configuration.layers(key):
            own = layer.own[key]
            rows = own.items() if isinstance(own, dict) else zip(own, own, strict=True)
            found += [(name, os.path.join(layer.folder, path)) for name, path in rows]
        return found

    def is_given(self, key: str) -> bool:
        """Whether the command line gives a value for a key."""
        return self._given.get(key) is not None

    def gives(self, key: str, text: str) -> bool:
        """Whether the command line gives a text as an item of a list or as a key of a table."""
        return text in (self._given.get(key) or ())

    def origin(self, key: str) -> str:
        """Return where the value for a key comes from, for messages."""
        if self.is_given(key):
            return self._given_by
        layers = self.configuration.layers(key)
        if layers:
            return " and ".join(f"{layer.path}:{layer.line_of(key)}" for layer in reversed(layers))
        return self._implied[key][1] if key in self._implied else "the default"

    def error(self, key: str, message: str) -> ConfigurationError:
        """Return the error for a value that cannot be used, with where the value comes from."""
        return ConfigurationError(f"{message} (from {self.origin(key)})")


class SettingsFinder:
    """Finds the settings for each file of a run.

    `given` has the values of the command line, or of what `given_by` names, by key; None means "not given".
    The configuration is `config_file`, none if the run is `isolated`, or else the nearest one in the file's
    folder or a parent folder. That search ends at the root of the repository, so files outside of it have no
    effect. Folders that anybody may write to are skipped, because a configuration can name code to run.
    """

    def __init__(
        self,
        given: dict[str, Any],
        config_file: str | None = None,
        isolated: bool = False,
        with_packs: bool = True,
        given_by: str = COMMAND_LINE,
    ) -> None:
        self._given = given
        self._with_packs = with_packs and not isolated
        self._given_by = given_by
        self._fixed = Configuration() if isolated else loading.load(config_file) if config_file else None
        self._settings: dict[Configuration, Settings] = {}
        # By absolute folder, and by folder as written in paths: making each path absolute takes system calls.
        self._found: dict[str, Configuration] = {}
        self._of_named: dict[str, Settings] = {}

    def of(self, path: str) -> Settings:
        """Return the settings for a file, or for a folder if the path ends in a slash.

        Raises `ConfigurationError`.
        """
        # `os.path.dirname` would take a tenth of the time for a file without a spec.
        folder = os.path.dirname(path) if os.altsep else path[: path.rfind(os.sep) + 1]
        if folder not in self._of_named:
            configuration = self._fixed or self._nearest(os.path.abspath(folder))
            if configuration not in self._settings:
                self._settings[configuration] = Settings(
                    configuration, self._given, self._with_packs, self._given_by
                )
            self._of_named[folder] = self._settings[configuration]
        return self._of_named[folder]

    def _nearest(self, folder: str) -> Configuration:
        if folder not in self._found:
            for name in () if _is_shared(folder) else FILES:
                path = os.path.join(folder, name)
                text = text_of(path)
                found = loading.configuration(path, text) if text is not None else None
                if found is not None:
                    break
            else:
                above = os.path.dirname(folder)
                is_top = above == folder or os.path.exists(os.path.join(folder, ".git"))
                found = Configuration() if is_top else self._nearest(above)
            self._found[folder] = found
        return self._found[folder]


def _is_shared(folder: str) -> bool:
    """Whether anybody may put files into a folder, as into /tmp."""
    try:
        mode = os.stat(folder).st_mode
    except (OSError, ValueError):
        # No name of a folder has a NUL, but the address that an editor sends may.
        return False
    return mode & 0o1002 == 0o1002
