"""Loading a configuration: parsing its TOML, following `extend`, and explaining what is wrong.

A few lines here check whether a file is valid; `jsonschema` is only imported to explain an invalid one.
"""

from __future__ import annotations

import os

from algolint import limits
from algolint.config import toml
from algolint.config.files import Configuration, ConfigurationError, keys_of, text_of
from algolint.config.settings import IN_FILE
from algolint.messages import meant, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.config.settings import Setting


def load(path: str) -> Configuration:
    """Return the configuration in a file. Raises `ConfigurationError`."""
    if not os.path.lexists(path):
        raise ConfigurationError(f"{path}: cannot be read: No such file or directory")
    text = text_of(path, named=True)
    found = configuration(path, text) if text is not None else None
    return Configuration(path) if found is None else found


class _Chain:
    """Files that extend one another, as far as they were read: their paths, characters and wildcards."""

    __slots__ = ("paths", "size", "wildcards")

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.size = 0
        self.wildcards = 0


def configuration(path: str, text: str, chain: _Chain | None = None) -> Configuration | None:
    """Return the configuration in a file's text, or None if a pyproject.toml has none.

    `chain` are the files whose `extend` led to this one. Raises `ConfigurationError`.
    """
    chain = chain or _Chain()
    chain.paths.append(os.path.realpath(path))
    chain.size += len(text)
    is_of_tools = os.path.basename(path) == "pyproject.toml"
    # Without the other tables, most are plain, which saves a quarter of a run.
    values: Any = _parsed(path, own_tables(text) if is_of_tools else text)
    if is_of_tools:
        tools = values.get("tool", {})
        if not isinstance(tools, dict) or "algolint" not in tools:
            return None
        values = tools["algolint"]
    _check_texts(path, values, text, chain)
    if not is_valid(values):
        raise _explained(Configuration(path, values if isinstance(values, dict) else {}, text), values)
    if "extend" in values:
        return Configuration(path, values, text, _extended(path, values, text, chain))
    return Configuration(path, values, text)


def own_tables(text: str) -> str:
    """Return a pyproject.toml without the lines of other tables, or whole if they may add to [tool.algolint].

    The other tables need not be plain, or valid. Their lines are empty, so that line numbers stay the same.
    """
    if '"""' in text or "'''" in text:
        # A string of several lines may contain what looks like a table.
        return text
    own = []
    is_own = False
    for line in text.split("\n"):
        if line.lstrip(" \t")[:1] == "[":
            if is_own and not {*"\"',"}.isdisjoint(line):
                # It may be an item of a list.
                return text
            is_own = line.strip(" \t").startswith(("[tool.algolint]", "[tool.algolint."))
        if not is_own and "algolint" in line and "algolint" in keys_of(line):
            return text
        own.append(line if is_own else "")
    return "\n".join(own) if any(own) else text


def _parsed(path: str, text: str) -> dict[str, Any]:
    if text.count(".") >= limits.MAX_KEY_PARTS:
        import re

        if re.search(_LONG_KEY, text):
            raise ConfigurationError(f"{path}: a key of more than {limits.MAX_KEY_PARTS} parts")
    try:
        return toml.parsed(text)
    except RecursionError:
        raise ConfigurationError(f"{path}: nested too deeply") from None
    except ValueError as error:
        raise ConfigurationError(
            f"{path}: not valid TOML: {str(error)[:1].lower()}{str(error)[1:]}"
        ) from None


_LONG_KEY = rf"""(?<!["'\w-])(?:["'\w-]+[ \t]*\.[ \t]*){{{limits.MAX_KEY_PARTS}}}"""


def _check_texts(path: str, values: Any, text: str, chain: _Chain) -> None:
    """Raise `ConfigurationError` if matching the patterns could take too long."""
    configuration = Configuration(path, values if isinstance(values, dict) else {}, text)
    for keys, setting in _texts(values):
        if len(setting) > limits.MAX_SETTING_LENGTH:
            what = f"a text of {len(setting):,} characters; it takes at most {limits.MAX_SETTING_LENGTH:,}"
            raise configuration.error(f"{'.'.join(keys) or shown(setting)}: {what}", *keys)
        chain.wildcards += sum(map(setting.count, "*?["))
        if chain.wildcards > limits.MAX_WILDCARDS:
            what = f"the patterns have more than {limits.MAX_WILDCARDS:,} wildcards"
            raise configuration.error(f"{'.'.join(keys)}: {what}", *keys)


def _texts(value: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the texts in a configuration, including keys, each with the path of keys to its container."""
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, keys)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield keys, key
            yield from _texts(item, (*keys, key))


def _extended(path: str, values: dict[str, Any], text: str, chain: _Chain) -> Configuration:
    """Return the configuration that this one extends. Raises `ConfigurationError`."""
    own = Configuration(path, values, text)
    other = os.path.normpath(os.path.join(os.path.dirname(path), values["extend"]))
    if "\0" in other:
        raise own.error(f"extend: no such file {other}", "extend")
    if os.path.realpath(other) in chain.paths:
        raise own.error(f"extend: {other} extends this file in turn", "extend")
    if len(chain.paths) > limits.MAX_EXTENDED:
        raise own.error(f"extend: more than {limits.MAX_EXTENDED} files extend one another", "extend")
    if not os.path.isfile(other):
        raise own.error(f"extend: no such file {other}", "extend")
    text_of_other = text_of(other, named=True)
    if chain.size + len(text_of_other or "") > limits.MAX_SETTINGS_SIZE:
        most = f"{limits.MAX_SETTINGS_SIZE:,} characters"
        raise own.error(f"extend: files of more than {most} extend one another", "extend")
    base = configuration(other, text_of_other, chain) if text_of_other is not None else None
    if base is None:
        raise own.error(f"extend: {other} has no table [tool.algolint]", "extend")
    return base


_TYPES: dict[str, type] = {"object": dict, "array": list, "string": str, "boolean": bool}


def is_valid(values: Any) -> bool:
    """Whether the values match the schema of a configuration."""
    return type(values) is dict and all(
        key in IN_FILE and _fits(value, IN_FILE[key].kind.schema) for key, value in values.items()
    )


def _fits(value: Any, rules: dict[str, Any]) -> bool:
    """Whether a value matches a schema; only the keywords that `settings` uses are supported."""
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
    """Return an error that explains the first thing that is wrong."""
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
