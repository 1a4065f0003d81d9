"""Reading the arguments of `algolint check`."""

from __future__ import annotations

from algolint.config.settings import IN_FILE, OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from algolint.config.settings import Kind

#: The commands besides `check`, with the arguments that help shows and what they do.
COMMANDS = {
    "job": ("ALGORITHM REQUEST ...", "check training, tuning and other requests against their algorithm"),
    "metrics": ("SPEC --log FILE", "report what the Regex of each metric reads from a training log"),
    "diff": ("OLD NEW", "report what a new release of an algorithm breaks"),
    "explain": ("RULE", "show a rule's page"),
    "rules": ("", "list the rules (--format json for machines)"),
    "revisions": ("", "list the API revisions that --api-revision takes"),
    "config": ("--show FILE", "show the settings that apply to a file"),
    "schema": ("", "print the JSON Schema of a request (--config: of the configuration)"),
    "test-rules": ("FOLDER", "test the rules of a folder: examples, fixes, hidden values"),
    "init": ("[FILE]", "write a request to start from, in the syntax of the ending of FILE"),
    "server": ("", "start the language server for editors"),
    "completion": ("SHELL", "print the completion script of bash, zsh, fish or powershell"),
}


class UsageError(Exception):
    """Raised when what the user asked for cannot be done; the message has the reason and what can be."""


class HelpPrinted(Exception):
    """Raised when help has been printed, and nothing is left to do."""


class Options:
    """The values of the options by attribute (`fail_on` for --fail-on), at first their defaults."""

    def __init__(self) -> None:
        self.paths: Sequence[str] = ()
        for setting in OPTIONS.values():
            # What a configuration can set has its default there.
            setattr(self, setting.attribute, None if setting.in_file else setting.default)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...


def quickly_parsed(arguments: Sequence[str]) -> Options | None:
    """Return the options where each is written out and valid; None for all other arguments.

    The others (abbreviations, mistakes, help) are left to argparse: to load it takes a third as long as to
    lint a file.
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
    """The value that a text is for; None where it is invalid."""
    if kind.parse is None:
        return text if text in kind.words else None
    try:
        return kind.parse(text)
    except ValueError:
        return None


def given(options: Options) -> dict[str, Any]:
    """Return the values that the command line gives to settings of a configuration."""
    values = {key: getattr(options, setting.attribute, None) for key, setting in IN_FILE.items()}
    if options.select is not None and options.ignore is None:
        # A selection on the command line replaces what the configuration ignores, too.
        values["ignore"] = []
    if options.severity is not None:
        values["severity"] = dict(options.severity)
    return values
