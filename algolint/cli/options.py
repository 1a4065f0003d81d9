"""What the command line says."""

from __future__ import annotations

from algolint.rule import SEVERITIES
from algolint.session import MAX_FILE_SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias

    from algolint.rule import Severity

    # Nothing, one of some words, or text that a function makes a value of, or raises ValueError.
    Takes: TypeAlias = tuple[str, ...] | Callable[[str], Any] | None

#: The report formats; the ones that are not written here line by line each have a module of their own.
FORMATS = (
    "full",
    "concise",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "checkstyle",
    "rdjson",
    "html",
)

#: The commands beside `check`, each a function of `algolint.commands`.
COMMANDS = ("explain", "rules", "revisions", "config", "schema", "init", "completion")


class UsageError(Exception):
    """What the user asked for cannot be done; the message says why and what can."""


class Options:
    """What the command line says, each option by its name; here is what holds where it says nothing."""

    paths: Sequence[str] = ()
    select: list[str] | None = None
    ignore: list[str] | None = None
    extend_select: list[str] | None = None
    extend_ignore: list[str] | None = None
    severity: list[tuple[str, Severity]] | None = None
    fail_on: Severity | None = None
    show_info: bool | None = None
    api_revision: str | None = None
    region: str | None = None
    format: str | None = None
    output: str | None = None
    color = "auto"
    statistics = False
    quiet = False
    verbose = False
    exit_zero = False
    fix = False
    fix_only = False
    unsafe_fixes = False
    add_ignore = False
    diff = False
    config: str | None = None
    isolated = False
    baseline: str | None = None
    write_baseline: str | None = None
    stdin_filename = "<stdin>"
    max_file_size = MAX_FILE_SIZE
    jobs: int | None = None
    list_files = False
    version = False


def _names(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(",")) if part]


def _severity(text: str) -> list[tuple[str, str]]:
    name, equals, level = text.partition("=")
    if not equals or level not in SEVERITIES:
        raise ValueError(f"takes RULE=LEVEL, LEVEL one of {', '.join(SEVERITIES)}; got {text!r}")
    return [(name, level)]


def _size(text: str) -> int:
    try:
        size = int(text)
    except ValueError:
        size = 0
    if size <= 0:
        raise ValueError(f"takes a positive number; got {text!r}")
    # As much memory is asked for before standard input is read.
    return min(size, 1 << 30)


#: What each option takes.
TAKES: dict[str, Takes] = {
    "--select": _names,
    "--ignore": _names,
    "--extend-select": _names,
    "--extend-ignore": _names,
    "--severity": _severity,
    "--fail-on": SEVERITIES,
    "--show-info": None,
    "--api-revision": str,
    "--region": str,
    "--format": FORMATS,
    "--output": str,
    "--color": ("auto", "always", "never"),
    "--statistics": None,
    "--quiet": None,
    "--verbose": None,
    "--exit-zero": None,
    "--fix": None,
    "--fix-only": None,
    "--unsafe-fixes": None,
    "--add-ignore": None,
    "--diff": None,
    "--config": str,
    "--isolated": None,
    "--baseline": str,
    "--write-baseline": str,
    "--stdin-filename": str,
    "--max-file-size": _size,
    "--jobs": _size,
    "--list-files": None,
    "--version": None,
}
#: Those that add to what they were given before.
ADDING = ("--extend-select", "--extend-ignore", "--severity")


def plainly_parsed(arguments: Sequence[str]) -> Options | None:
    """What the arguments of `check` say where options are written out and right; None for all others.

    The others are argparse's, which takes a third as long as linting a file: abbreviations, mistakes, help.
    """
    options = Options()
    paths = []
    left = iter(arguments)
    for argument in left:
        if argument == "-" or argument[:1] not in ("-", ""):
            paths.append(argument)
            continue
        name, equals, text = argument.partition("=")
        takes = TAKES.get(name, ())
        if takes is None and not equals:
            value: Any = True
        elif takes is not None:
            text = text if equals else next(left, "-")
            value = None if text.startswith("-") and not equals else _made(takes, text)
            if value is None:
                return None
        else:
            return None
        attribute = name[2:].replace("-", "_")
        if name in ADDING:
            value = [*(getattr(options, attribute) or ()), *value]
        setattr(options, attribute, value)
    options.paths = paths
    return options


def _made(takes: tuple[str, ...] | Callable[[str], Any], text: str) -> Any:
    """The value of an option; None where the text is none."""
    if isinstance(takes, tuple):
        return text if text in takes else None
    try:
        return takes(text)
    except ValueError:
        return None
