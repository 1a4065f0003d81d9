"""Parsing options with argparse, for help and for arguments that `options.quickly_parsed` does not handle."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, HelpFormatter
from textwrap import wrap

from algolint.cli.options import COMMANDS, HelpPrinted
from algolint.config.settings import SETTINGS
from algolint.errors import UserError
from algolint.messages import meant
from algolint.reports.text import style_of, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import _ArgumentGroup
    from collections.abc import Callable
    from typing import Any, NoReturn

    from algolint.config.settings import Setting

_EXAMPLES = """\
examples:
  algolint                              lint the specs below the current folder
  algolint algorithm.json other.yaml    lint these files
  algolint --fix specs/                 apply the safe fixes
  algolint --diff --unsafe-fixes specs/ show what all fixes would change
  aws sagemaker describe-algorithm --algorithm-name a | algolint -
  algolint --format sarif --output algolint.sarif specs/
  algolint --ignore 'metric-*' --severity hp-default-and-required=warning specs/
  algolint --api-revision 1.29.150 algorithm.json

exit codes:
  0  nothing at or above --fail-on      1  problems found      2  the command failed
"""


_WIDEST = 100


class Help(HelpFormatter):
    """The layout of the help."""

    def __init__(self, prog: str) -> None:
        # Without a width argparse imports shutil to ask the terminal.
        width = style_of("never", sys.stdout).width
        super().__init__(prog, max_help_position=32, width=min(width or _WIDEST, _WIDEST))

    def _split_lines(self, text: str, width: int) -> list[str]:
        # Names such as json-lines must not be broken.
        return wrap(text, width, break_on_hyphens=False)

    def _fill_text(self, text: str, width: int, indent: str) -> str:  # noqa: ARG002
        return "\n".join(wrapped(line, width) for line in text.split("\n"))


class ParserFound(Exception):
    """Raised instead of parsing, when the completion asks for the parser of a command."""

    def __init__(self, parser: ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


class Parser(ArgumentParser):
    """A parser that raises `UserError`, and suggests the option that was meant."""

    #: Whether the next parser is to be raised as `ParserFound`.
    is_sought = False

    def parse_args(self, *arguments: Any, **more: Any) -> Any:
        """Return the parsed arguments of a command."""
        if Parser.is_sought:
            raise ParserFound(self)
        return super().parse_args(*arguments, **more)

    def print_help(self, file: Any = None) -> None:
        """Print the help; argparse's own method hides errors of the stream."""
        print(self.format_help(), end="", file=file)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002
        """Raise `HelpPrinted`: a SystemExit would mean that third-party code ended the program."""
        raise HelpPrinted

    def error(self, message: str) -> NoReturn:
        names = [name for action in self._actions for name in action.option_strings]
        unknown = message.partition("unrecognized arguments: ")[2].split(" ")[0].partition("=")[0]
        hint = meant(unknown, names) if unknown.startswith("-") else ""
        raise UserError(f"{message}{hint or f'; {self.prog} --help lists the options'}")


def _parsed_by(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return the function as a `type` for argparse, which keeps the message of a ValueError."""

    def parsed(text: str) -> Any:
        try:
            return parse(text)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from None

    return parsed


def add_option(parser: ArgumentParser | _ArgumentGroup, setting: Setting) -> None:
    """Add the option of a setting to a parser."""
    kind = setting.kind
    if kind.words:
        more: dict[str, Any] = {"choices": kind.words, "metavar": kind.metavar}
    elif kind.parse:
        action = "extend" if kind.collects else "store"
        more = {"type": _parsed_by(kind.parse), "action": action, "metavar": kind.metavar}
        if kind.optional:
            more |= {"nargs": "?", "const": ""}
    else:
        more = {"action": "store_true"}
    parser.add_argument(*setting.names, help=setting.help, **more)


def check_parser() -> ArgumentParser:
    """Return the parser of `algolint check`."""
    parser = Parser(
        "algolint",
        usage="algolint [check] [PATH ...] [OPTIONS]",
        description="Lint SageMaker CreateAlgorithm specs. Works offline and executes nothing that it reads.",
        epilog=f"{_commands()}\n\n{_EXAMPLES}",
        formatter_class=Help,
        allow_abbrev=False,
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders; - reads standard input")
    groups: dict[str, _ArgumentGroup] = {}
    for setting in SETTINGS:
        if setting.group is not None:
            if setting.group not in groups:
                groups[setting.group] = parser.add_argument_group(setting.group)
            add_option(groups[setting.group], setting)
    return parser


def _commands() -> str:
    rows = [("[check] [PATH ...]", "lint files and folders (default: the current folder)")]
    rows += [(f"{name} {arguments}", about) for name, (arguments, about) in COMMANDS.items()]
    return "\n".join(["commands:", *(f"  algolint {usage:20} {about}" for usage, about in rows)])
