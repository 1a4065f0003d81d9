"""The options of `algolint check`, and a quick parser for most uses of them."""

from __future__ import annotations

from algolint.config.settings import IN_FILE, OPTIONS
from algolint.errors import UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from algolint.config.settings import Kind

#: The commands other than `check`, each with its arguments and a description for the help.
COMMANDS = {
    "job": ("ALGORITHM REQUEST ...", "check training, tuning and other requests against their algorithm"),
    "metrics": ("SPEC --log FILE", "report what the Regex of each metric reads from a training log"),
    "diff": ("OLD NEW", "report what a new release of an algorithm breaks"),
    "explain": ("RULE", "show the page of a rule"),
    "rules": ("", "list the rules (--format json for machines)"),
    "revisions": ("", "list the API revisions that --api-revision takes"),
    "config": ("--show FILE", "show the settings that apply to a file"),
    "schema": ("", "print the JSON Schema of a request (--config: of the configuration)"),
    "test-rules": ("FOLDER", "test the rules of a folder: examples, fixes, unknown values"),
    "init": ("[FILE]", "write a template of a request, in the syntax of FILE's extension"),
    "server": ("", "start the language server for editors"),
    "completion": ("SHELL", "print the completion script of bash, zsh, fish or powershell"),
}


class HelpPrinted(Exception):
    """Raised when help has been printed and nothing is left to do."""


class Options:
    """The values of the options, as attributes such as `fail_on` for --fail-on; initially the defaults."""

    if TYPE_CHECKING:
        # As in the table of settings. None is for "not given".
        select: list[str] | None
        ignore: list[str] | None
        extend_select: list[str] | None
        extend_ignore: list[str] | None
        severity: list[tuple[str, str]] | None
        fail_on: str | None
        min_evidence: str | None
        show_info: bool | None
        marketplace: bool | None
        strict: bool | None
        api_revision: str | None
        region: str | None
        format: str | None
        output: str | None
        report: list[tuple[str, str]] | None
        color: str
        statistics: bool
        quiet: bool
        verbose: bool
        fail_on_unknown: bool
        exit_zero: bool
        fix: bool
        fix_only: bool
        unsafe_fixes: bool
        add_ignore: bool
        diff: bool
        config: str | None
        isolated: bool
        baseline: str | None
        write_baseline: str | None
        prune_baseline: bool
        stdin_filename: str
        max_file_size: int
        jobs: int | None
        list_files: bool
        list_specs: bool
        version: bool

    def __init__(self) -> None:
        self.paths: Sequence[str] = ()
        for setting in OPTIONS.values():
            # The default of a setting that a configuration can set is only applied after reading that.
            setattr(self, setting.attribute, None if setting.in_file else setting.default)

    @property
    def is_fixing(self) -> bool:
        """Whether fixes are made, or shown as a diff."""
        return self.fix or self.fix_only or self.diff

    @property
    def is_for_changes_only(self) -> bool:
        """Whether the findings that are left are not reported."""
        return self.fix_only or self.diff


def is_given(options: Options, attribute: str) -> bool:
    """Whether an option without a default is given."""
    return getattr(options, attribute) not in (None, False)


def option_of(attribute: str) -> str:
    """Return the option of an attribute, such as --fail-on for `fail_on`."""
    return f"--{attribute.replace('_', '-')}"


# Options that decide what a run does, each with those that it cannot be used with.
_EXCLUSIVE = {
    "list_files": ("list_specs", "fix", "fix_only", "diff", "add_ignore", "write_baseline", "prune_baseline"),
    "list_specs": ("fix", "fix_only", "diff", "add_ignore", "write_baseline", "prune_baseline"),
    # The findings that are left would not be in the baseline, and nothing may be written with --diff.
    "diff": ("add_ignore", "write_baseline", "prune_baseline"),
    "fix_only": ("add_ignore", "write_baseline"),
    "fix": ("add_ignore",),
    # A new baseline has all findings, also those of the old one, which then would get comments too.
    "add_ignore": ("write_baseline",),
    "isolated": ("config",),
}


def check_together(options: Options) -> None:
    """Raise `UserError` for options that cannot be used together."""
    for key, others in _EXCLUSIVE.items():
        if is_given(options, key):
            for other in others:
                if is_given(options, other):
                    raise UserError(f"{option_of(key)} cannot be used with {option_of(other)}")
    reads_input = "-" in options.paths
    if options.add_ignore and reads_input:
        raise UserError("--add-ignore cannot be used with standard input")
    if not reads_input and options.stdin_filename != OPTIONS["--stdin-filename"].default:
        raise UserError("--stdin-filename is for standard input; add - to the arguments")


def quickly_parsed(arguments: Sequence[str]) -> Options | None:
    """Return the options if each is written in full and valid; else None.

    Other arguments (combined short options, mistakes, help) are left to argparse, which takes a third as long
    to load as linting a file.
    """
    options = Options()
    paths = []
    left = iter(arguments)
    for argument in left:
        if argument == "-" or argument[:1] not in ("-", ""):
            paths.append(argument)
            continue
        name, equals, text = argument.partition("=")
        setting = OPTIONS.get(name)
        if setting is None:
            return None
        kind = setting.kind
        value: Any = True
        if kind.parse or kind.words:
            text = text if equals else next(left, "-")
            value = None if text.startswith("-") and not equals else _value(kind, text)
        elif equals:
            return None
        if value is None:
            return None
        if kind.collects:
            value = [*(getattr(options, setting.attribute) or ()), *value]
        setattr(options, setting.attribute, value)
    options.paths = paths
    return options


def _value(kind: Kind, text: str) -> Any:
    """Return the value of an option for a text, or None if the text is not valid."""
    if kind.parse is None:
        return text if text in kind.words else None
    try:
        return kind.parse(text)
    except ValueError:
        return None


def given(options: Options) -> dict[str, Any]:
    """Return the values that the command line gives for settings of a configuration, by key."""
    values = {key: getattr(options, setting.attribute, None) for key, setting in IN_FILE.items()}
    if options.select is not None and options.ignore is None:
        # --select also replaces the configuration's `ignore`.
        values["ignore"] = []
    if options.severity is not None:
        values["severity"] = dict(options.severity)
    return values
