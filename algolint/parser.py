"""The options of `algolint check`: loaded where some are given, which most runs do without."""

from __future__ import annotations

from argparse import ArgumentParser, HelpFormatter

from algolint.options import UsageError
from algolint.rule import SEVERITIES
from algolint.wording import meant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

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


def _size(text: str) -> int:
    size = int(text)
    if size <= 0:
        raise ValueError
    # As much memory is asked for before standard input is read.
    return min(size, 1 << 30)


_size.__name__ = "positive number"


def _names(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(",")) if part]


def _severity(text: str) -> tuple[str, str]:
    name, equals, level = text.partition("=")
    if not equals or level not in SEVERITIES:
        from argparse import ArgumentTypeError

        raise ArgumentTypeError(f"takes RULE=LEVEL, LEVEL one of {', '.join(SEVERITIES)}; got {text!r}")
    return name, level


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
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders; - reads standard input")
    group = parser.add_argument_group("rules")
    add = group.add_argument
    add("--select", metavar="NAMES", type=_names, help="only these rules; names and globs, with commas")
    add("--ignore", metavar="NAMES", type=_names, help="not these rules")
    add("--extend-select", metavar="NAMES", type=_names, action="extend", help="these rules too")
    add("--extend-ignore", metavar="NAMES", type=_names, action="extend", help="not these rules either")
    add(
        "--severity",
        metavar="RULE=LEVEL",
        type=_severity,
        action="append",
        help="report a rule at another level",
    )
    add("--fail-on", choices=SEVERITIES, help="the level that makes exit code 1 (default: error)")
    add("--show-info", action="store_true", help="show advice too")
    add("--api-revision", metavar="REVISION", help="latest (default), a botocore version or a date")
    add("--region", metavar="REGION", help="the region that the spec is for")
    group = parser.add_argument_group("report")
    add = group.add_argument
    add(
        "--format",
        choices=FORMATS,
        metavar="FORMAT",
        help=f"how to report: {', '.join(FORMATS)} (default: full)",
    )
    add("-o", "--output", metavar="FILE", help="write the report to a file")
    add(
        "--color",
        choices=("auto", "always", "never"),
        help="color (default: on a terminal only)",
    )
    add("--statistics", action="store_true", help="count the findings of each rule")
    add("-q", "--quiet", action="store_true", help="only the findings, no summary")
    add("-v", "--verbose", action="store_true", help="say what was aimed at and what was left undecided")
    add("--exit-zero", action="store_true", help="exit with 0 in spite of problems")
    group = parser.add_argument_group("fixes")
    add = group.add_argument
    add("--fix", action="store_true", help="make the safe fixes in the files, report what remains")
    add("--fix-only", action="store_true", help="make the fixes, report nothing")
    add("--unsafe-fixes", action="store_true", help="make fixes too that may change what the service does")
    add("--add-ignore", action="store_true", help="write a comment for each finding that suppresses it")
    add("--diff", action="store_true", help="show what the fixes would change, write nothing")
    group = parser.add_argument_group("files and configuration")
    add = group.add_argument
    add("--config", metavar="FILE", help="use this configuration, not the nearest one upwards")
    add("--isolated", action="store_true", help="use no configuration file")
    add("--baseline", metavar="FILE", help="do not report what this file lists")
    add("--write-baseline", metavar="FILE", help="list the present findings in this file")
    add("--stdin-filename", metavar="NAME", help="the name to report for standard input")
    add("--max-file-size", metavar="BYTES", type=_size, help="refuse larger files")
    add("--jobs", metavar="N", type=_size, help="processes to use (default: what pays)")
    add("--list-files", action="store_true", help="list the files that would be linted")
    add("--version", action="store_true", help="print the version")
    return parser
