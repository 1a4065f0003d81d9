"""A configuration: the values of `algolint.toml`, or of `[tool.algolint]` in `pyproject.toml`."""

from __future__ import annotations

import os

from algolint.config.settings import IN_FILE
from algolint.source import UnreadableSource, read_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.discovery.gitignore import IgnorePatterns

FILES = ("algolint.toml", "pyproject.toml")


class ConfigurationError(Exception):
    """A configuration that cannot be used; the message names file, line and what is allowed."""


class Configuration:
    """The settings of one file on top of those of the file that it extends, or none at all.

    `values` holds what both files set, by key, `own` what this one does.
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

    def layers(self, key: str) -> list[Configuration]:
        """Return the files that the value of a key is from, this one last."""
        above = self._base.layers(key) if self._base else []
        if key not in self.own:
            return above
        return [*above, self] if IN_FILE[key].adds else [self]

    def line_of(self, *keys: str) -> int:
        """The line of the file, from 1, that has the last of the keys."""
        lines = self._text.splitlines()
        found = 1
        for key in keys:
            for number, line in enumerate(lines[found - 1 :], found):
                name = line.strip().lstrip("[").rstrip("]").rpartition(".")[2]
                if key in (name.strip("\"' ,"), line.partition("=")[0].strip().strip("\"'")):
                    found = number
                    break
        return found

    def error(self, message: str, *keys: str) -> ConfigurationError:
        """Return an error about a key, with the file and the line that set it."""
        layers = self.layers(keys[0]) if keys and keys[0] in IN_FILE else []
        holders = [layer for layer in layers if all(key in layer._text for key in keys)] or layers
        if holders and holders[-1] is not self:
            return holders[-1].error(message, *keys)
        return ConfigurationError(f"{self.path}:{self.line_of(*keys)}: {message}")

    def matches(self, patterns: list[str], path: str) -> bool:
        """Whether one of the .gitignore patterns, relative to the configuration's folder, matches a file."""
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
        relative = os.path.relpath(os.path.abspath(path), self.folder)
        if relative.startswith(".."):
            return False
        return self._patterns[key].excludes(relative.replace(os.sep, "/")) is True


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a file on top of those of the file that it extends."""
    values = base | own
    for key in base.keys() & own.keys():
        if IN_FILE[key].adds:
            values[key] = added(base[key], own[key])
    return values


def added(base: Any, own: Any) -> Any:
    """Return the value of a setting that adds: the list or table of both."""
    return base | own if isinstance(own, dict) else [*base, *own]


def text_of(path: str, named: bool = False) -> str | None:
    """Return the text of a configuration; None for a pyproject.toml of others, and where there is no file.

    Raises `ConfigurationError` for a file that cannot be read.
    """
    try:
        text = read_settings(path, named)
    except FileNotFoundError:
        return None
    except PermissionError:
        if not named and not os.access(os.path.dirname(path) or ".", os.X_OK):
            # In a folder that cannot be looked into there is none for anybody.
            return None
        raise ConfigurationError(f"{path}: cannot be read: Permission denied") from None
    except (OSError, UnreadableSource, ValueError) as error:
        raise ConfigurationError(
            f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from None
    # Parsing a pyproject.toml costs more than linting a spec; most name the tool at best as a dependency.
    return text if os.path.basename(path) != "pyproject.toml" or _names_tool(text) else None


def _names_tool(text: str) -> bool:
    """Whether `algolint` is a key of a pyproject.toml, or may be one of the inline table `tool`."""
    for line in text.splitlines() if "algolint" in text else ():
        if "algolint" in line:
            head = line.partition("#")[0].partition("=")[0]
            keys = [key.strip(" \t[]\"'") for key in head.split(".")]
            if "algolint" in keys or keys == ["tool"]:
                return True
    return False
