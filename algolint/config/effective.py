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


class Finder:
    """Finds the configuration of a file: the nearest one in its folder or a parent folder.

    The search ends at the root of the repository, so files outside of it have no effect. Folders that
    anybody may write to are skipped, because a configuration can name code to run.
    """

    def __init__(self) -> None:
        self._found: dict[str, Configuration] = {}
        # By folder as written in paths, since making each path absolute takes system calls.
        self._named: dict[str, Configuration] = {}

    def of(self, path: str) -> Configuration:
        """Return the configuration for a file, or for a folder if the path ends in a slash."""
        # `os.path.dirname` would take a tenth of the time for a file without a spec.
        folder = os.path.dirname(path) if os.altsep else path[: path.rfind(os.sep) + 1]
        if folder not in self._named:
            self._named[folder] = self._of_folder(os.path.abspath(folder))
        return self._named[folder]

    def _of_folder(self, folder: str) -> Configuration:
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
                found = Configuration() if is_top else self._of_folder(above)
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


class Origin:
    """Where the value of a setting comes from. (Importing `enum` would take a quarter of a run.)"""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


COMMAND_LINE = Origin("the command line")
#: Of a function for programs.
ARGUMENT = Origin("an argument of the call")
DEFAULT = Origin("the default")


class Settings:
    """The settings that apply to a file: from the command line, else its configuration, else the defaults.

    For a setting with `adds`, the command line's values are added to the configuration's.

    `given` has the values of the command line, or of what `given_by` names, by key; None means "not given".
    `with_packs` is False if third-party rules must not run; their names in settings then have no effect.
    """

    def __init__(
        self,
        configuration: Configuration,
        given: dict[str, Any],
        with_packs: bool = True,
        given_by: Origin = COMMAND_LINE,
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

    def gives(self, key: str, text: str) -> bool:
        """Whether the command line gives a text as an item of a list or as a key of a table."""
        return text in (self._given.get(key) or ())

    def origin(self, key: str) -> Origin:
        """Return where the value for a key comes from."""
        if self._given.get(key) is not None:
            return self._given_by
        layers = self.configuration.layers(key)
        if layers:
            return Origin(f"{layers[-1].path}:{layers[-1].line_of(key)}")
        return Origin(self._implied[key][1]) if key in self._implied else DEFAULT

    def error(self, key: str, message: str) -> ConfigurationError:
        """Return the error for a value that cannot be used, with where the value comes from."""
        return ConfigurationError(f"{message} (from {self.origin(key)})")
