"""The command line: what to lint, with which rules, reported how, and the exit code."""

from __future__ import annotations

import os
import sys
from argparse import SUPPRESS, ArgumentParser, HelpFormatter, Namespace

from algolint.discovery import EXTENSIONS, all_rules, files_below, first_party_rules
from algolint.engine import Linter, Outcome, Selection
from algolint.model import Model, UnknownRevision
from algolint.rule import SEVERITIES
from algolint.source import SyntaxFault, UnreadableSource, decoded, read_file
from algolint.structure import RULES as STRUCTURAL_RULES
from algolint.wording import escaped, meant, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from algolint.rule import Rule, Severity
    from algolint.source import Source

#: Exit codes: nothing at or above --fail-on; problems; the job could not be done.
CLEAN, PROBLEMS, FAILED = 0, 1, 2

MAX_FILE_SIZE = 8 * 1024 * 1024
_FORMATS = ("full", "concise", "json")
_COMMANDS = ("check", "explain", "rules", "revisions")

_EPILOG = """\
commands:
  algolint [check] [PATH ...]   lint files and folders (default: the current folder)
  algolint explain RULE         show a rule's page
  algolint rules                list the rules (--format json for machines)
  algolint revisions            list the API revisions that --api-revision takes

examples:
  algolint                              lint the specs below the current folder
  algolint algorithm.json other.yaml    lint these files
  aws sagemaker describe-algorithm --algorithm-name a | algolint -
  algolint --format concise --fail-on warning specs/
  algolint --ignore 'metric-*' --severity hp-default-and-required=warning specs/
  algolint --api-revision 1.29.150 algorithm.json

exit codes:
  0  nothing at or above --fail-on      1  problems      2  could not do the job
"""


class UsageError(Exception):
    """What the user asked for cannot be done; the message says why and what can."""


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code. Prints to standard output and standard error."""
    for stream in (sys.stdout, sys.stderr):
        # What the terminal's encoding cannot show is escaped, never a crash.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    command, rest = ("check", arguments)
    if arguments and arguments[0] in _COMMANDS:
        command, rest = arguments[0], arguments[1:]
    try:
        code = _RUNNERS[command](rest)
        sys.stdout.flush()
    except (UsageError, UnknownRevision) as error:
        _complain(str(error))
        return FAILED
    except BrokenPipeError:
        # The reader (`| head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return 130
    return code


def _complain(message: str) -> None:
    print(f"algolint: {message}", file=sys.stderr)


# ---------------------------------------------------------------- check


def _check(arguments: Sequence[str]) -> int:
    options = _check_options(arguments)
    model = Model(options.api_revision)
    rules = first_party_rules()
    selection = _selection(options, [*STRUCTURAL_RULES, *rules])
    linter = Linter(model, rules, selection, options.region, with_edits=options.format == "json")
    outcome = Outcome(model)
    for name, named in _inputs(options.paths or ["."], outcome):
        _lint_file(name, named, linter, options, outcome)
    outcome.skipped = linter.skipped
    for crash in linter.crashes:
        line, column = crash.source.position(0)
        outcome.errors.append((f"{crash.source.name}:{line}:{column}", str(crash)))
    _print_report(outcome, options)
    return _exit_code(outcome, options.fail_on, options.exit_zero)


def _exit_code(outcome: Outcome, fail_on: Severity, exit_zero: bool) -> int:
    """0, 1 or 2; a failure beats problems."""
    if outcome.errors:
        return FAILED
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    if not exit_zero and any(diagnostic.severity in grave for diagnostic in outcome.diagnostics):
        return PROBLEMS
    return CLEAN


def _inputs(paths: Iterable[str], outcome: Outcome) -> Iterator[tuple[str, bool]]:
    """The files to lint, once each, and whether the user named them."""
    seen: set[str] = set()
    for path in paths:
        if path != "-" and os.path.isdir(path):
            names = [os.path.normpath(name) for name in files_below(path)]
            if not names:
                _complain(f"{path} holds no {', '.join(EXTENSIONS)} files")
            named = False
        else:
            names, named = [path], True
        for name in names:
            if name not in seen:
                seen.add(name)
                yield name, named


def _lint_file(name: str, named: bool, linter: Linter, options: Namespace, outcome: Outcome) -> None:
    try:
        source = _source(name, options)
        diagnostics = linter.lint_source(source, named)
    except UnreadableSource as error:
        outcome.errors.append((name, str(error)))
        return
    except SyntaxFault as fault:
        if not named or fault.source is None:
            return
        diagnostics = linter.syntax_fault(fault.source, fault)
    if diagnostics is not None:
        outcome.files += 1
        outcome.diagnostics += diagnostics


def _source(name: str, options: Namespace) -> Source:
    if name == "-":
        data = sys.stdin.buffer.read(options.max_file_size + 1)
        return decoded(options.stdin_filename, data, options.max_file_size)
    return read_file(name, options.max_file_size)


def _print_report(outcome: Outcome, options: Namespace) -> None:
    if options.format == "json":
        from algolint import report_json

        print(report_json.report(outcome))
    else:
        _print_text(outcome, options)
    for path, message in outcome.errors:
        print(f"{escaped(path)}: {escaped(message)}", file=sys.stderr)


def _print_text(outcome: Outcome, options: Namespace) -> None:
    if outcome.diagnostics:
        from algolint import report_text

        lines = report_text.concise if options.format == "concise" else report_text.full
        for line in lines(outcome.diagnostics, _wants_color(options.color)):
            print(line)
    if options.format == "full" and not options.quiet:
        print(_summary(outcome))
    if options.verbose:
        _complain(f"{outcome.model.revision}; {outcome.skipped} rule calls left undecided by unknown values")


def _summary(outcome: Outcome) -> str:
    counts = outcome.counts()
    files = _amount(outcome.files, "file")
    if not outcome.files:
        return "no algorithm specs found" if not outcome.errors else "nothing could be checked"
    found = [
        _amount(count, "error" if level == "error" else level) for level, count in counts.items() if count
    ]
    found = [text.replace("infos", "info") for text in found]
    return f"{', '.join(found) or 'no problems'} in {files}"


def _amount(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _wants_color(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not plain and sys.stdout.isatty()


# ---------------------------------------------------------------- which rules


def _selection(options: Namespace, rules: list[Rule]) -> Selection:
    names = [rule.name for rule in rules]
    selected = set(_matching(options.select, names)) if options.select is not None else set(names)
    ignored = set(_matching(options.ignore or "", names))
    named = {name for text in (options.select, options.extend_select) for name in _named(text, names)}
    chosen = (selected | set(_matching(options.extend_select, names))) - ignored
    chosen -= set(_matching(options.extend_ignore, names))
    show_info = options.show_info or options.fail_on == "info"
    return Selection(frozenset(chosen), _severities(options.severity, names), show_info, frozenset(named))


def _matching(text: str, names: list[str]) -> Iterator[str]:
    """The rules that a comma-separated list of names and globs means."""
    for pattern in filter(None, (part.strip() for part in text.split(","))):
        if pattern in names:
            yield pattern
            continue
        from fnmatch import fnmatchcase

        found = [name for name in names if fnmatchcase(name, pattern)]
        if not found:
            raise UsageError(f"there is no rule {shown(pattern)}{meant(pattern, names)}")
        yield from found


def _named(text: str | None, names: list[str]) -> Iterator[str]:
    """The rules that the text names outright, not by a glob."""
    return (part for part in (part.strip() for part in (text or "").split(",")) if part in names)


def _severities(settings: list[str], names: list[str]) -> dict[str, Severity]:
    levels: dict[str, Severity] = {}
    for setting in settings:
        pattern, equals, level = setting.partition("=")
        if not equals or level not in SEVERITIES:
            raise UsageError(
                f"--severity takes RULE=LEVEL, LEVEL one of {', '.join(SEVERITIES)}; got {setting!r}"
            )
        for name in _matching(pattern, names):
            levels[name] = level  # type: ignore[assignment]
    return levels


# ---------------------------------------------------------------- options


class _Help(HelpFormatter):
    def __init__(self, prog: str) -> None:
        # A given width keeps argparse from asking the terminal, which imports shutil.
        super().__init__(prog, max_help_position=32, width=100)

    def _fill_text(self, text: str, width: int, indent: str) -> str:  # noqa: ARG002
        return text


class _Parser(ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise UsageError(f"{message}; algolint --help lists the options")


def _size(text: str) -> int:
    size = int(text)
    if size <= 0:
        raise ValueError
    return size


_size.__name__ = "size in bytes"


def _check_options(arguments: Sequence[str]) -> Namespace:
    parser = _Parser(
        "algolint",
        usage="algolint [check] [PATH ...] [OPTIONS]",
        description="Lints Amazon SageMaker CreateAlgorithm specs. Offline; executes nothing of what it reads.",
        epilog=_EPILOG,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders; - reads standard input")
    add("--format", choices=_FORMATS, default="full", help="how to report (default: full)")
    add("--select", metavar="NAMES", help="only these rules; names and globs, separated by commas")
    add("--ignore", metavar="NAMES", help="not these rules")
    add("--extend-select", metavar="NAMES", default="", help="these rules too")
    add("--extend-ignore", metavar="NAMES", default="", help="not these rules either")
    add(
        "--severity", metavar="RULE=LEVEL", action="append", default=[], help="report a rule at another level"
    )
    add(
        "--fail-on",
        choices=SEVERITIES,
        default="error",
        help="the level that makes exit code 1 (default: error)",
    )
    add("--show-info", action="store_true", help="show advice too")
    add("--api-revision", metavar="REVISION", default="latest", help="latest, a botocore version or a date")
    add("--region", metavar="REGION", help="the region that the spec is for")
    add("--stdin-filename", metavar="NAME", default="<stdin>", help="the name to report for standard input")
    add("--max-file-size", metavar="BYTES", type=_size, default=MAX_FILE_SIZE, help="refuse larger files")
    add(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="color on a terminal only (default)",
    )
    add("--exit-zero", action="store_true", help="exit with 0 in spite of problems")
    add("-q", "--quiet", action="store_true", help="only the findings, no summary")
    add("-v", "--verbose", action="store_true", help="say what was aimed at and what was left undecided")
    add("--version", action="store_true", help=SUPPRESS)
    options = parser.parse_args(list(arguments))
    if options.version:
        from algolint import __version__

        print(f"algolint {__version__}")
        sys.exit(0)
    return options


# ---------------------------------------------------------------- the other commands


def _explain(arguments: Sequence[str]) -> int:
    parser = _Parser("algolint explain", formatter_class=_Help, description="Show a rule's page.")
    parser.add_argument("rule", metavar="RULE")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help=SUPPRESS)
    options = parser.parse_args(list(arguments))
    from algolint import pages

    rules = {rule.name: rule for rule in all_rules()}
    rule = rules.get(options.rule)
    if rule is None:
        raise UsageError(f"there is no rule {shown(options.rule)}{meant(options.rule, rules)}")
    print(pages.for_terminal(rule, _wants_color(options.color)))
    return CLEAN


def _rules(arguments: Sequence[str]) -> int:
    parser = _Parser("algolint rules", formatter_class=_Help, description="List the rules.")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    options = parser.parse_args(list(arguments))
    from algolint import pages

    print(
        {"text": pages.table, "json": pages.as_json, "markdown": pages.as_markdown}[options.format](
            all_rules()
        )
    )
    return CLEAN


def _revisions(arguments: Sequence[str]) -> int:
    parser = _Parser("algolint revisions", formatter_class=_Help, description="List the API revisions.")
    parser.parse_args(list(arguments))
    for revision in Model().revisions():
        print(f"{revision.date}  botocore {revision.version}")
    return CLEAN


_RUNNERS = {"check": _check, "explain": _explain, "rules": _rules, "revisions": _revisions}
