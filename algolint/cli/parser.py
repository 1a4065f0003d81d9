"""The options of `algolint check`: loaded where some are given, which most runs do without."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, HelpFormatter

from algolint.cli.options import ADDING, FORMATS, TAKES, UsageError
from algolint.messages import meant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

_EPILOG = """\
commands:
  algolint [check] [PATH ...]   lint files and folders (default: the current folder)
  algolint explain RULE         show a rule's page
  algolint rules                list the rules (--format json for machines)
  algolint revisions            list the API revisions that --api-revision takes
  algolint config --show FILE   show the settings that hold for a file
  algolint schema               print the JSON Schema of a request (--config: of the configuration)
  algolint init [FILE]          write a request to start from
  algolint completion SHELL     print the completion of bash, zsh or fish

examples:
  algolint                              lint the specs below the current folder
  algolint algorithm.json other.yaml    lint these files
  algolint --fix specs/                 make the safe fixes
  algolint --diff --unsafe-fixes specs/ show what all fixes would change
  aws sagemaker describe-algorithm --algorithm-name a | algolint -
  algolint --format sarif --output algolint.sarif specs/
  algolint --ignore 'metric-*' --severity hp-default-and-required=warning specs/
  algolint --api-revision 1.29.150 algorithm.json

exit codes:
  0  nothing at or above --fail-on      1  problems      2  could not do the job
"""


class Help(HelpFormatter):
    """How help is laid out."""

    def __init__(self, prog: str) -> None:
        # A given width keeps argparse from asking the terminal, which imports shutil.
        super().__init__(prog, max_help_position=32, width=100)

    def _fill_text(self, text: str, width: int, indent: str) -> str:  # noqa: ARG002
        return text


class Parser(ArgumentParser):
    """A parser that says what is wrong with the option that was meant. Raises `UsageError`."""

    def print_help(self, file: Any = None) -> None:
        """Print the help; argparse's own says nothing where that cannot be done."""
        print(self.format_help(), end="", file=file)

    def error(self, message: str) -> NoReturn:
        names = [name for action in self._actions for name in action.option_strings]
        unknown = message.partition("unrecognized arguments: ")[2].split(" ")[0].partition("=")[0]
        hint = meant(unknown, names) if unknown.startswith("-") else ""
        raise UsageError(f"{message}{hint}; algolint --help lists the options")


def _typed(makes: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same, with its own words about what is wrong."""

    def made(text: str) -> Any:
        try:
            return makes(text)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from None

    return made


class _Group:
    """A part of the help, and the options in it."""

    def __init__(self, parser: ArgumentParser, title: str) -> None:
        self._group = parser.add_argument_group(title)

    def add(self, *names: str, help: str, metavar: str | None = None) -> None:
        """Add an option by all its names, the full one last."""
        takes = TAKES[names[-1]]
        if takes is None:
            self._group.add_argument(*names, action="store_true", help=help)
        elif isinstance(takes, tuple):
            self._group.add_argument(*names, choices=takes, metavar=metavar, help=help)
        else:
            action = "extend" if names[-1] in ADDING else "store"
            self._group.add_argument(*names, type=_typed(takes), action=action, metavar=metavar, help=help)


def check_parser() -> ArgumentParser:
    """The parser of `algolint check`; completion reads its options."""
    parser = Parser(
        "algolint",
        usage="algolint [check] [PATH ...] [OPTIONS]",
        description="Lints SageMaker CreateAlgorithm specs. Offline; executes nothing of what it reads.",
        epilog=_EPILOG,
        formatter_class=Help,
        allow_abbrev=False,
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders; - reads standard input")
    add = _Group(parser, "rules").add
    add("--select", metavar="NAMES", help="only these rules; names and globs, with commas")
    add("--ignore", metavar="NAMES", help="not these rules")
    add("--extend-select", metavar="NAMES", help="these rules too")
    add("--extend-ignore", metavar="NAMES", help="not these rules either")
    add("--severity", metavar="RULE=LEVEL", help="report a rule at another level")
    add("--fail-on", help="the level that makes exit code 1 (default: error)")
    add("--show-info", help="show advice too")
    add("--api-revision", metavar="REVISION", help="latest (default), a botocore version or a date")
    add("--region", metavar="REGION", help="the region that the spec is for")
    add = _Group(parser, "report").add
    add("--format", metavar="FORMAT", help=f"how to report: {', '.join(FORMATS)} (default: full)")
    add("-o", "--output", metavar="FILE", help="write the report to a file")
    add("--color", help="color (default: on a terminal only)")
    add("--statistics", help="count the findings of each rule")
    add("-q", "--quiet", help="only the findings, no summary")
    add("-v", "--verbose", help="say what was aimed at and what was left undecided")
    add("--exit-zero", help="exit with 0 in spite of problems")
    add = _Group(parser, "fixes").add
    add("--fix", help="make the safe fixes in the files, report what remains")
    add("--fix-only", help="make the fixes, report nothing")
    add("--unsafe-fixes", help="make fixes too that may change what the service does")
    add("--add-ignore", help="write a comment for each finding that suppresses it")
    add("--diff", help="show what the fixes would change, write nothing")
    add = _Group(parser, "files and configuration").add
    add("--config", metavar="FILE", help="use this configuration, not the nearest one upwards")
    add("--isolated", help="use no configuration file")
    add("--baseline", metavar="FILE", help="do not report what this file lists")
    add("--write-baseline", metavar="FILE", help="list the present findings in this file")
    add("--stdin-filename", metavar="NAME", help="the name to report for standard input")
    add("--max-file-size", metavar="BYTES", help="refuse larger files")
    add("--jobs", metavar="N", help="processes to use (default: what pays)")
    add("--list-files", help="list the files that would be linted")
    add("--version", help="print the version")
    return parser
