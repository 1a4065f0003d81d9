"""The configuration: `algolint.toml`, or `[tool.algolint]` in `pyproject.toml`, found upwards from each file.

A valid file passes a check of a few lines; `jsonschema` is loaded only to explain a wrong one.
"""

from __future__ import annotations

import os

from algolint import limits
from algolint.config.settings import IN_FILE
from algolint.messages import meant, shown
from algolint.source import UnreadableSource, read_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.config.settings import Setting
    from algolint.gitignore import IgnorePatterns

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
            from algolint.gitignore import BadPattern, IgnorePatterns

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


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the configuration."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "algolint configuration",
        "description": "The keys of algolint.toml, or of [tool.algolint] in pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _schema_of(setting) for key, setting in IN_FILE.items()},
    }


def _schema_of(setting: Setting) -> dict[str, Any]:
    default = {} if setting.default is None else {"default": setting.default}
    return {"description": setting.description, **setting.kind.schema, **default}


def load(path: str) -> Configuration:
    """The configuration of one file. Raises `ConfigurationError`."""
    if not os.path.lexists(path):
        raise ConfigurationError(f"{path}: cannot be read: No such file or directory")
    found = _read(path, named=True)
    return Configuration(path) if found is None else found


class Finder:
    """Finds the configuration of files, the nearest upwards; remembers what it found by folder.

    The search ends at the root of the repository, so that files outside of it have no effect, and passes
    over folders that anybody may write to: a configuration can name code to run.
    """

    def __init__(self) -> None:
        self._found: dict[str, Configuration] = {}
        # By folder as paths name it: to make that absolute asks the system for every file.
        self._named: dict[str, Configuration] = {}

    def of(self, path: str) -> Configuration:
        """The configuration that holds for a file, or for a folder, whose path then ends in a slash."""
        # Where there is one separator, `os.path.dirname` is a tenth of what an unrelated file takes.
        folder = os.path.dirname(path) if os.altsep else path[: path.rfind(os.sep) + 1]
        if folder not in self._named:
            self._named[folder] = self._of_folder(os.path.abspath(folder))
        return self._named[folder]

    def _of_folder(self, folder: str) -> Configuration:
        if folder not in self._found:
            for name in () if _is_shared(folder) else FILES:
                found = _read(os.path.join(folder, name))
                if found is not None:
                    break
            else:
                above = os.path.dirname(folder)
                is_top = above == folder or os.path.exists(os.path.join(folder, ".git"))
                found = Configuration() if is_top else self._of_folder(above)
            self._found[folder] = found
        return self._found[folder]


def _is_shared(folder: str) -> bool:
    """Whether anybody may put files into a folder, as into /tmp; a configuration there can be anybody's."""
    try:
        mode = os.stat(folder).st_mode
    except OSError:
        return False
    return mode & 0o1002 == 0o1002


def _read(path: str, named: bool = False, extending: tuple[str, ...] = ()) -> Configuration | None:
    """Return a file's configuration; None for a pyproject.toml of others, and where there is no file.

    `extending` are the files that extend it.
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
    is_pyproject = os.path.basename(path) == "pyproject.toml"
    # Parsing a pyproject.toml costs more than linting a spec; most name the tool at best as a dependency.
    if is_pyproject and not _names_tool(text):
        return None
    values = _parsed(path, text)
    if is_pyproject:
        tools = values.get("tool", {})
        if not isinstance(tools, dict) or "algolint" not in tools:
            return None
        values = tools["algolint"]
    _check_texts(path, values, text)
    if not is_valid(values):
        raise _explained(Configuration(path, values if isinstance(values, dict) else {}, text), values)
    if "extend" in values:
        return Configuration(path, values, text, _extended(path, values, text, extending))
    return Configuration(path, values, text)


def _check_texts(path: str, values: Any, text: str) -> None:
    """Raise `ConfigurationError` where patterns would take too long."""
    configuration = Configuration(path, values if isinstance(values, dict) else {}, text)
    wildcards = 0
    for keys, setting in _texts(values):
        if len(setting) > limits.MAX_SETTING_LENGTH:
            what = f"a text of {len(setting):,} characters; it takes at most {limits.MAX_SETTING_LENGTH:,}"
            raise configuration.error(f"{'.'.join(keys) or shown(setting)}: {what}", *keys)
        wildcards += sum(map(setting.count, "*?["))
        if wildcards > limits.MAX_WILDCARDS:
            what = f"the patterns have more than {limits.MAX_WILDCARDS:,} wildcards"
            raise configuration.error(f"{'.'.join(keys)}: {what}", *keys)


def _texts(value: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the texts of a configuration, keys included, each with the keys that lead to what it is in."""
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, keys)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield keys, key
            yield from _texts(item, (*keys, key))


def _extended(path: str, values: dict[str, Any], text: str, extending: tuple[str, ...]) -> Configuration:
    """Return the configuration that one extends."""
    own = Configuration(path, values, text)
    extending = (*extending, os.path.realpath(path))
    other = os.path.normpath(os.path.join(os.path.dirname(path), values["extend"]))
    if os.path.realpath(other) in extending:
        raise own.error(f"extend: {other} extends this file", "extend")
    if len(extending) > limits.MAX_EXTENDED:
        raise own.error(f"extend: more than {limits.MAX_EXTENDED} files extend one another", "extend")
    if not os.path.isfile(other):
        raise own.error(f"extend: there is no file {other}", "extend")
    base = _read(other, named=True, extending=extending)
    if base is None:
        raise own.error(f"extend: {other} has no table [tool.algolint]", "extend")
    return base


def _names_tool(text: str) -> bool:
    """Whether `algolint` is a key of a pyproject.toml, or may be one of the inline table `tool`."""
    for line in text.splitlines() if "algolint" in text else ():
        if "algolint" in line:
            head = line.partition("#")[0].partition("=")[0]
            keys = [key.strip(" \t[]\"'") for key in head.split(".")]
            if "algolint" in keys or keys == ["tool"]:
                return True
    return False


def _parsed(path: str, text: str) -> dict[str, Any]:
    from algolint.lazy_regex import lazily_compiled_patterns

    if text.count(".") >= limits.MAX_KEY_PARTS:
        import re

        if re.search(_LONG_KEY, text):
            raise ConfigurationError(f"{path}: a key of more than {limits.MAX_KEY_PARTS} parts")
    # Its patterns are of numbers and dates, which no setting is.
    with lazily_compiled_patterns():
        # The standard library's is the same, from Python 3.11 on, and loads typing, which takes longer.
        import tomli
    try:
        return tomli.loads(text)
    except RecursionError:
        raise ConfigurationError(f"{path}: nested too deeply") from None
    except ValueError as error:
        raise ConfigurationError(
            f"{path}: not valid TOML: {str(error)[:1].lower()}{str(error)[1:]}"
        ) from None


_LONG_KEY = rf"""(?<!["'\w-])(?:["'\w-]+[ \t]*\.[ \t]*){{{limits.MAX_KEY_PARTS}}}"""


_TYPES: dict[str, type] = {"object": dict, "array": list, "string": str, "boolean": bool}


def is_valid(values: Any) -> bool:
    """Whether the values of a configuration satisfy its schema."""
    return type(values) is dict and all(
        key in IN_FILE and _fits(value, IN_FILE[key].kind.schema) for key, value in values.items()
    )


def _fits(value: Any, rules: dict[str, Any]) -> bool:
    """Whether a value satisfies the part of JSON Schema that the configuration's schema uses."""
    if "enum" in rules:
        return value in rules["enum"]
    if type(value) is not _TYPES[rules["type"]]:
        return False
    if isinstance(value, list):
        return all(_fits(item, rules["items"]) for item in value)
    if isinstance(value, dict):
        known, others = rules.get("properties", {}), rules["additionalProperties"]
        fits = all(
            _fits(item, known[key]) if key in known else others and _fits(item, others)
            for key, item in value.items()
        )
        return fits and all(key in value for key in rules.get("required", ()))
    return True


def _explained(configuration: Configuration, values: Any) -> ConfigurationError:
    """The first thing that is wrong, in words."""
    import jsonschema

    errors = sorted(jsonschema.Draft202012Validator(schema()).iter_errors(values), key=lambda e: str(e.path))
    error = errors[0]
    keys = [str(step) for step in error.absolute_path if isinstance(step, str)]
    where = ".".join(keys) or "the configuration"
    if error.validator == "additionalProperties":
        allowed = list(error.schema["properties"])
        key = next(key for key in error.instance if key not in allowed)
        hint = meant(key, allowed) or f"; the keys are {', '.join(allowed)}"
        return configuration.error(f"{shown(key)} is not a key of {where}{hint}", *keys, key)
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return configuration.error(f"{where} lacks {shown(missing)}", *keys)
    if error.validator == "enum":
        allowed = [str(value) for value in error.validator_value]
        hint = meant(str(error.instance), allowed) or f"; one of {', '.join(allowed)}"
        return configuration.error(f"{shown(error.instance)} is not a value of {where}{hint}", *keys)
    expected = {"object": "a table", "array": "a list", "string": "a string", "boolean": "true or false"}
    takes = expected.get(str(error.validator_value), str(error.validator_value))
    return configuration.error(f"{where} takes {takes}, not {shown(error.instance)}", *keys)
