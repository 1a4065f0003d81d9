"""Configuration files: `algolint.toml`, or `[tool.algolint]` in `pyproject.toml`."""

from __future__ import annotations

import os

from algolint.config.settings import IN_FILE
from algolint.errors import UserError
from algolint.source import UnreadableSource, leads_out, read_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.discovery.gitignore import IgnorePatterns

FILES = ("algolint.toml", "pyproject.toml")


class ConfigurationError(UserError):
    """Raised when a configuration or a setting cannot be used; the message names where it is from."""


class Configuration:
    """The settings in a configuration file and in those it extends; empty if there is no file.

    `own` are the values that this file sets, by key, and `values` those of all files together.
    """

    def __init__(
        self,
        path: str | None = None,
        values: dict[str, Any] | None = None,
        text: str = "",
        base: Configuration | None = None,
    ) -> None:
        self.path = path
        self.folder = os.path.dirname(os.path.abspath(path)) if path else os.getcwd()
        self.own = values or {}
        self.values: dict[str, Any] = _merged(base.values, self.own) if base else self.own
        self._base = base
        self._text = text
        self._patterns: dict[tuple[str, ...], IgnorePatterns] = {}
        # The last path that was matched, and the same relative to the folder, or None if it is outside.
        self._last: tuple[str, str | None] = "", None

    def layers(self, key: str) -> list[Configuration]:
        """Return the configurations that contribute to the value of a key, the most specific last."""
        above = self._base.layers(key) if self._base else []
        if key not in self.own:
            return above
        return [*above, self] if IN_FILE[key].adds else [self]

    def files(self) -> list[str]:
        """Return the paths of the file and of those it extends."""
        own = [self.path] if self.path is not None else []
        return [*own, *(self._base.files() if self._base else ())]

    def line_of(self, *keys: str) -> int:
        """Return the line, from 1, of the last of a path of keys; it may be a text that is set there."""
        lines = self._text.splitlines()
        found = 1
        for key in keys:
            for number, line in enumerate(lines[found - 1 :], found):
                if key in _words_of(line):
                    found = number
                    break
        return found

    def lines_of_items(self, key: str) -> dict[str, list[int]]:
        """Return the lines, from 1, of each key and text that is set where a list of tables is, or below."""
        found: dict[str, list[int]] = {}
        first = self.line_of(key)
        for number, line in enumerate(self._text.splitlines()[first - 1 :], first):
            for word in set(_words_of(line)):
                found.setdefault(word, []).append(number)
        return found

    def error(self, message: str, *keys: str) -> ConfigurationError:
        """Return an error about a path of keys that names the file and the line where it is set."""
        layers = self.layers(keys[0]) if keys and keys[0] in IN_FILE else []
        holders = [layer for layer in layers if all(key in layer._text for key in keys)] or layers
        if holders and holders[-1] is not self:
            return holders[-1].error(message, *keys)
        return ConfigurationError(f"{self.path}:{self.line_of(*keys)}: {message}")

    def matches(self, patterns: list[str], path: str) -> bool:
        """Whether a file matches one of the .gitignore patterns, relative to the configuration's folder."""
        if not patterns:
            return False
        key = tuple(patterns)
        if key not in self._patterns:
            from algolint.discovery.gitignore import BadPattern, IgnorePatterns

            self._patterns[key] = IgnorePatterns(patterns)
            try:
                self._patterns[key].check()
            except BadPattern as error:
                raise self.error(str(error)) from None
        if path != self._last[0]:
            relative = os.path.relpath(os.path.abspath(path), self.folder)
            self._last = path, None if leads_out(relative) else relative.replace(os.sep, "/")
        return self._last[1] is not None and self._patterns[key].excludes(self._last[1]) is True


def _words_of(line: str) -> tuple[str, ...]:
    """Return the key of a table that a line of TOML begins, and the two sides of its equals sign."""
    name = line.strip().lstrip("[").rstrip("]").rpartition(".")[2]
    return name.strip("\"' ,"), *(side.strip("\"' ,") for side in line.split("=", 1))


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return the values of an extended file with those of the extending one merged in."""
    values = base | own
    for key in base.keys() & own.keys():
        if IN_FILE[key].adds:
            values[key] = added(base[key], own[key])
    return values


def added(base: Any, own: Any) -> Any:
    """Return the combined list or table of a setting with `adds`."""
    return base | own if isinstance(own, dict) else [*base, *own]


def text_of(path: str, named: bool = False) -> str | None:
    """Return the text of a configuration file, or None if it does not exist or does not configure algolint.

    Raises `ConfigurationError` if it cannot be read.
    """
    try:
        text = read_settings(path, named)
    except FileNotFoundError:
        return None
    except PermissionError:
        if not named and not os.access(os.path.dirname(path) or ".", os.X_OK):
            # A folder that nobody may enter has no configuration.
            return None
        raise ConfigurationError(f"{path}: cannot be read: Permission denied") from None
    except (OSError, UnreadableSource, ValueError) as error:
        raise ConfigurationError(
            f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from None
    # Parsing a pyproject.toml costs more than linting a spec, and most do not configure algolint.
    return text if os.path.basename(path) != "pyproject.toml" or _names_tool(text) else None


def _names_tool(text: str) -> bool:
    """Whether `algolint` may be a key in a pyproject.toml, in a header or in an inline table `tool`."""
    for line in text.splitlines() if "algolint" in text else ():
        if "algolint" in line:
            keys = keys_of(line)
            if "algolint" in keys or keys == ["tool"]:
                return True
    return False


def keys_of(line: str) -> list[str]:
    """Return the parts of the key that a line of TOML sets, or of the table that it begins."""
    head = line.partition("#")[0].partition("=")[0]
    return [key.strip(" \t[]\"'") for key in head.split(".")]
