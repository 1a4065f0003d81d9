"""Write docs/configuration.md from the table of settings.

python tools/build_settings.py            write the page
python tools/build_settings.py --check    compare instead of writing; exit 1 if it differs
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from algolint.config.settings import OPTIONS, SETTINGS, Setting

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "configuration.md"
HEAD = """\
# Configuration

The settings of a file are in the nearest `algolint.toml`, or in `[tool.algolint]` of the nearest
`pyproject.toml`, in its folder or a parent folder. The search ends at the root of the git repository, and
skips folders that every user of the machine can write to. If a folder has both files, `algolint.toml` is
used. Only the nearest file is used, but it can `extend` another one:

```toml
extend = "../algolint.toml"
ignore = ["metric-*"]
fail-on = "warning"

[severity]
hp-default-and-required = "warning"
tag-charset = "off"

[per-file-ignores]
"legacy/**" = ["image-*"]
```

Options override the file, except `--severity` and the `--extend-` options, which add to it. `--select`
without `--ignore` overrides the `ignore` of the file, too. Repeated options for lists add up. `--config FILE`
uses one file for everything, and `--isolated` none. Paths and patterns are relative to the folder of the
file, and patterns have `/` on Windows too.

```sh
algolint config --show specs/algorithm.json   # the settings that apply to a file
algolint schema --config                      # the JSON Schema of the configuration
```

A key or value that is not valid is an error with its line, and exit code 2.

## Selecting rules

These keys and options name rules: `select`, `ignore`, `extend-select`, `extend-ignore`, `per-file-ignores`,
and `severity`. A selector is one of

| selector | rules |
|---|---|
| `metric-regex-invalid` | one rule |
| `metric-*` | rules that match a glob |
| `hyperparameters` | a family: a file in `rules/`, a section of [rules/README.md](../rules/README.md) |
| `error`, `warning`, `info` | rules with a severity |
| `acme`, `acme/*` | the rules of the pack `acme` |
| `ALL` | all rules |

An unknown name is an error with a suggestion. If several selectors in `severity` match a rule, the most
specific one applies: a rule's name before a glob before the others.

## Profiles

`marketplace = true` (`--marketplace`) is for [sellers](marketplace.md). `strict = true` (`--strict`) shows
advice and exits with 1 for warnings, unless `show-info` or `fail-on` is set.

## Keys

`tools/build_settings.py` writes this table and the next one.

"""


def page() -> str:
    """Return the text of the page."""
    keys = [
        (f"`{setting.key}`", _type(setting.kind.schema), _default(setting), _text(setting.description))
        for setting in SETTINGS
        if setting.in_file
    ]
    only_keys = [f"`{setting.key}`" for setting in SETTINGS if setting.in_file and not setting.group]
    options = [
        (", ".join(f"`{name}`" for name in setting.names), _text(setting.description))
        for setting in dict.fromkeys(OPTIONS.values())
        if not setting.in_file
    ]
    return "\n".join(
        [
            HEAD.rstrip("\n"),
            "",
            *_table(("key", "type", "default", "meaning"), keys),
            "",
            f"All but {', '.join(only_keys[:-1])} and {only_keys[-1]} are options of the same name, too.",
            "",
            "## Options that are not keys",
            "",
            *_table(("option", "meaning"), options),
            "",
        ]
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for cells in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def _default(setting: Setting) -> str:
    match setting.default:
        case None:
            return ""
        case bool() as flag:
            return f"`{str(flag).lower()}`"
        case other:
            return f'`"{other}"`'


def _type(schema: dict[str, Any]) -> str:
    """Return the type of a key in words."""
    match schema:
        case {"enum": words}:
            return " or ".join(f"`{word}`" for word in words)
        case {"type": "array", "items": {"type": "object"}}:
            return "tables"
        case {"type": "array"}:
            return "list of strings"
        case {"type": "object", "additionalProperties": {"type": "array"}}:
            return "table of lists"
        case {"type": "object"}:
            return "table"
        case {"type": kind}:
            return str(kind)
    raise ValueError(f"no words for {schema}")


def main() -> None:
    """Run the command line."""
    summary, _, manual = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=manual, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare with the page instead of writing it")
    options = parser.parse_args()
    text = page()
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != text:
        sys.exit(f"{PAGE.name} differs; run tools/build_settings.py")


if __name__ == "__main__":
    main()
