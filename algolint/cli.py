"""The command line: what to lint, with which rules, reported how, and the exit code."""

from __future__ import annotations

import os
import re
import sys
from argparse import SUPPRESS, ArgumentParser, HelpFormatter, Namespace

from algolint.config import ConfigurationError
from algolint.discovery import BrokenRules
from algolint.engine import Outcome
from algolint.model import REQUEST, Model, UnknownRevision
from algolint.rule import SEVERITIES
from algolint.session import MAX_FILE_SIZE, BadSetting, Result, Session
from algolint.source import SyntaxFault, UnreadableSource, decoded, read_file
from algolint.wording import escaped, inert, meant, printed, shown, tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, NoReturn

    from algolint.source import Source

#: Exit codes: nothing at or above --fail-on; problems; the job could not be done.
CLEAN, PROBLEMS, FAILED = 0, 1, 2

# Above this many files several processes may pay.
_MANY = 200

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

_JSON = frozenset(("json", "json-lines", "sarif", "gitlab", "rdjson"))

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


class UsageError(Exception):
    """What the user asked for cannot be done; the message says why and what can."""


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code. Prints to standard output and standard error."""
    # A stream that was closed takes everything and shows nothing; the exit code still tells.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # What the terminal's encoding cannot show is escaped, never a crash.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    command, rest = "check", arguments
    if arguments and arguments[0] in _RUNNERS:
        command, rest = arguments[0], arguments[1:]
    try:
        code = _RUNNERS[command](rest)
        sys.stdout.flush()
    except (UsageError, BadSetting, UnknownRevision, ConfigurationError, BrokenRules) as error:
        _complain(str(error))
        return FAILED
    except BrokenPipeError:
        # The reader (`| head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        # Standard output can take no more: a full disk.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _complain(f"the report could not be written: {error.strerror}")
        return FAILED
    except KeyboardInterrupt:
        return 130
    return code


def _complain(message: str) -> None:
    print(f"algolint: {inert(escaped(message))}", file=sys.stderr)


# ---------------------------------------------------------------- check


def _check(arguments: Sequence[str]) -> int:
    options = _check_options(arguments)
    form = options.format or _usual_format(options)
    session = Session(
        _given(options),
        options.config,
        options.isolated,
        options.max_file_size,
        with_edits=form in ("json", "json-lines", "sarif", "rdjson"),
        with_fingerprints=form in ("sarif", "gitlab") or bool(options.write_baseline),
    )
    inputs = list(
        session.files(options.paths or ["."], lambda path: _complain(f"{path} holds no files to lint"))
    )
    if options.list_files:
        print("\n".join(printed(name) for name, _ in inputs))
        return CLEAN
    # Made even where there is nothing to lint, so that a wrong setting is always heard of.
    outcome = Outcome(session.linter_of(session.settings_of(inputs[0][0] if inputs else ".")).model)
    grave = 0
    used: set[tuple[int, int]] = set()
    hints: set[str] = set()
    for result in _results(session, inputs, options):
        if result.hint is not None and result.hint not in hints:
            hints.add(result.hint)
            _complain(f"{result.name} is passed over: {result.hint}")
        grave += result.grave
        used |= {(id(session.settings_of(result.name)), number) for number in result.used}
        _take(result, outcome)
    if options.write_baseline:
        return _write_baseline(outcome, options)
    _print_report(outcome, form, options)
    _print_leftovers(session, outcome, used, options)
    if outcome.errors:
        return FAILED
    if options.diff:
        return PROBLEMS if outcome.fixed and not options.exit_zero else CLEAN
    return PROBLEMS if grave and not options.exit_zero else CLEAN


def _write_baseline(outcome: Outcome, options: Namespace) -> int:
    from algolint import baseline

    _write(options.write_baseline, baseline.write(outcome.diagnostics), "--write-baseline", outcome.names)
    count = len(outcome.diagnostics)
    if not options.quiet:
        print(f"{count} finding{'s' * (count != 1)} written to {escaped(options.write_baseline)}")
    for path, message in outcome.errors:
        print(f"{printed(path)}: {inert(escaped(message))}", file=sys.stderr)
    return FAILED if outcome.errors else CLEAN


def _write(path: str, text: str, option: str, specs: Sequence[str]) -> None:
    try:
        there = [name for name in specs if os.path.exists(name)] if os.path.exists(path) else []
        if any(os.path.samefile(path, name) for name in there):
            raise UsageError(f"{option} {path}: is a spec that was linted, and is left as it is")
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{option} {path}: {error.strerror}") from None


def _print_leftovers(
    session: Session, outcome: Outcome, used: set[tuple[int, int]], options: Namespace
) -> None:
    """Say what baselines and suppressions of the configuration no longer stand for anything."""
    if options.quiet or outcome.errors:
        return
    for path, message in session.stale(outcome.names):
        _complain(f"{path}: {message}")
    for name in outcome.names:
        settings = session.settings_of(name)
        where = ""
        for number, entry in enumerate(session.entries_of(settings)):
            if (id(settings), number) not in used:
                used.add((id(settings), number))
                where = (
                    where or f"{settings.configuration.path}:{settings.configuration.line_of('suppressions')}"
                )
                _complain(
                    f"{where}: the suppression of {', '.join(entry.rules)} at {entry.pointer} is unused"
                )


def _results(session: Session, inputs: list[tuple[str, bool]], options: Namespace) -> Iterator[Result]:
    fixing = options.fix or options.fix_only or options.diff
    jobs = 1 if fixing or options.add_ignore or ("-", True) in inputs else options.jobs
    if jobs != 1 and (jobs is not None or len(inputs) > _MANY):
        from algolint import parallel

        processes = parallel.processes_for(len(inputs), jobs)
        if processes > 1:
            yield from parallel.lint(session, inputs, processes)
            return
    for name, named in inputs:
        if name == "-":
            yield _of_standard_input(session, options, fixing)
        elif fixing:
            yield _fixed(session, name, named, None, options)
        elif options.add_ignore:
            yield _silenced(session, name, named, options)
        else:
            yield session.lint(name, named)


def _of_standard_input(session: Session, options: Namespace, fixing: bool) -> Result:
    name = options.stdin_filename
    if sys.stdin is None:
        result = Result(name)
        result.error = "standard input is closed"
        return result
    try:
        data = sys.stdin.buffer.read(options.max_file_size + 1)
        source = decoded(name, data, options.max_file_size)
    except SyntaxFault as fault:
        return session.lint(name, True, fault=fault)
    except UnreadableSource as error:
        result = Result(name)
        result.error = str(error)
        return result
    return _fixed(session, name, True, source, options) if fixing else session.lint(name, True, source)


def _fixed(session: Session, name: str, named: bool, source: Source | None, options: Namespace) -> Result:
    """Fix one file as the options say; what is left of it."""
    from algolint import fixing

    from_file = source is None
    try:
        before = source or read_file(name, options.max_file_size)
    except (UnreadableSource, SyntaxFault):
        # It cannot be fixed; linting says why.
        return session.lint(name, named)
    after, result = fixing.fixed(session, name, named, before, options.unsafe_fixes)
    if options.diff:
        print(fixing.difference(before, after), end="")
    elif not from_file:
        print(after.text, end="")
    elif result.fixed:
        try:
            fixing.write(name, before, after)
        except fixing.NotWritten as error:
            result = session.lint(name, named)
            result.error = str(error)
    if options.fix_only or options.diff:
        result.diagnostics, result.grave = [], 0
    return result


def _silenced(session: Session, name: str, named: bool, options: Namespace) -> Result:
    """Write comments that suppress what is found in one file; what is left of it."""
    result = session.lint(name, named)
    if not result.diagnostics:
        return result
    from algolint import edits, fixing
    from algolint.engine import syntax_of
    from algolint.source import Source
    from algolint.suppression import add_ignores

    try:
        before = read_file(name, options.max_file_size)
    except (UnreadableSource, SyntaxFault):
        # What cannot be read takes no comment; linting has said why.
        return result
    if not edits.most(before):
        _complain(f"{name}: the text is too long to write comments into")
        return result
    text = add_ignores(before, syntax_of(before), result.diagnostics)
    if text is None:
        why = (
            "JSON takes no comments"
            if syntax_of(before) == "json"
            else "a finding stands where no comment can"
        )
        _complain(f"{name}: {why}; use [[suppressions]] of the configuration")
        return result
    after = Source(name, ("\ufeff" if before.bom else "") + text)
    try:
        fixing.write(name, before, after)
    except fixing.NotWritten as error:
        result.error = str(error)
        return result
    return session.lint(name, named)


def _take(result: Result, outcome: Outcome) -> None:
    outcome.files += result.is_spec
    outcome.names += [result.name] if result.is_spec else []
    outcome.diagnostics += result.diagnostics
    outcome.skipped += result.skipped
    outcome.suppressed += result.suppressed
    outcome.baselined += result.baselined
    outcome.fixed += result.fixed
    if result.error is not None:
        outcome.errors.append((result.name, result.error))
    outcome.errors += [(result.name, crash) for crash in result.crashes]


# ---------------------------------------------------------------- the report


def _usual_format(options: Namespace) -> str:
    """The format where none is asked for: annotations in GitHub Actions, if nothing stands in between."""
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true" and not os.environ.get("PRE_COMMIT")
    return "github" if in_actions and options.output is None else "full"


def _print_report(outcome: Outcome, form: str, options: Namespace) -> None:
    stream = sys.stdout
    # What is fixed on standard input goes to standard output; the findings must not be mixed with it.
    if options.diff or (options.fix and "-" in options.paths):
        stream = sys.stderr
    color = options.color == "always" if options.output else _wants_color(options.color, stream)
    lines = list(_lines(outcome, form, color))
    if form == "full" and not options.quiet:
        lines.append(_summary(outcome))
    text = "".join(f"{line}\n" for line in lines)
    if options.output:
        _write(options.output, text, "--output", outcome.names)
    else:
        stream.write(text)
    if options.statistics:
        _print_statistics(outcome)
    if options.verbose:
        _complain(f"{outcome.model.revision}; {outcome.skipped} rule calls left undecided by unknown values")
    for path, message in outcome.errors:
        print(f"{printed(path)}: {inert(escaped(message))}", file=sys.stderr)


def _lines(outcome: Outcome, form: str, color: bool) -> Iterator[str]:
    if form in ("full", "concise"):
        if outcome.diagnostics:
            from algolint import report_text

            yield from (report_text.concise if form == "concise" else report_text.full)(
                outcome.diagnostics, color
            )
        return
    name = f"algolint.report_{form.replace('-', '_')}"
    __import__(name)
    text: str = sys.modules[name].report(outcome)
    if "##" in text:
        # In a log of a CI this would be a command; in JSON, XML and HTML it can be spelt otherwise.
        other = "#\\u0023" if form in _JSON else "#&#35;"
        text = re.sub(r"##(?=\[|vso\[)", lambda _: other, text) if form != "github" else text
    if text:
        yield text
    if form == "github" and os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8", errors="replace") as file:
                file.write(sys.modules[name].summary(outcome) + "\n")
        except OSError as error:
            raise UsageError(f"GITHUB_STEP_SUMMARY cannot be written: {error.strerror}") from None


def _summary(outcome: Outcome) -> str:
    if not outcome.files:
        return "no algorithm specs found" if not outcome.errors else "nothing could be checked"
    text = f"{tally(outcome.counts())} in {outcome.files} file{'s' * (outcome.files != 1)}"
    counts = (
        (outcome.fixed, "fixed"), (outcome.suppressed, "suppressed"), (outcome.baselined, "in the baseline")
    )  # fmt: skip
    more = [f"{count} {word}" for count, word in counts if count]
    return f"{text} ({', '.join(more)})" if more else text


def _print_statistics(outcome: Outcome) -> None:
    counts: dict[tuple[str, str], int] = {}
    for diagnostic in outcome.diagnostics:
        key = (diagnostic.rule.name, diagnostic.severity)
        counts[key] = counts.get(key, 0) + 1
    for (name, severity), count in sorted(counts.items(), key=lambda row: (-row[1], row[0])):
        print(f"{count:5}  {severity:7}  {name}", file=sys.stderr)


def _wants_color(choice: str, stream: Any) -> bool:
    if choice != "auto":
        return choice == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not plain and bool(stream.isatty())


# ---------------------------------------------------------------- options


class _Help(HelpFormatter):
    def __init__(self, prog: str) -> None:
        # A given width keeps argparse from asking the terminal, which imports shutil.
        super().__init__(prog, max_help_position=32, width=100)

    def _fill_text(self, text: str, width: int, indent: str) -> str:  # noqa: ARG002
        return text


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        names = [name for action in self._actions for name in action.option_strings]
        unknown = message.partition("unrecognized arguments: ")[2].split(" ")[0].partition("=")[0]
        hint = meant(unknown, names) if unknown.startswith("-") else ""
        raise UsageError(f"{message}{hint}; algolint --help lists the options")


def _size(text: str) -> int:
    size = int(text)
    if size <= 0:
        raise ValueError
    # As much memory is asked for before a file is read.
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


def _given(options: Namespace) -> dict[str, Any]:
    """What the command line says of what a configuration may say too, by its keys there."""
    keys = (
        "select",
        "ignore",
        "extend_select",
        "extend_ignore",
        "fail_on",
        "show_info",
        "api_revision",
        "region",
        "baseline",
    )
    given = {key.replace("_", "-"): getattr(options, key) for key in keys}
    if options.select is not None and options.ignore is None:
        # A selection on the command line replaces what the configuration ignores, too.
        given["ignore"] = []
    return given | {"severity": dict(options.severity) if options.severity else None}


def check_parser() -> ArgumentParser:
    """The parser of `algolint check`; completion reads its options."""
    parser = _Parser(
        "algolint",
        usage="algolint [check] [PATH ...] [OPTIONS]",
        description="Lints SageMaker CreateAlgorithm specs. Offline; executes nothing of what it reads.",
        epilog=_EPILOG,
        formatter_class=_Help,
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
    add("--show-info", action="store_true", default=None, help="show advice too")
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
        default="auto",
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
    add("--stdin-filename", metavar="NAME", default="<stdin>", help="the name to report for standard input")
    add("--max-file-size", metavar="BYTES", type=_size, default=MAX_FILE_SIZE, help="refuse larger files")
    add("--jobs", metavar="N", type=_size, help="processes to use (default: what pays)")
    add("--list-files", action="store_true", help="list the files that would be linted")
    add("--version", action="store_true", help="print the version")
    return parser


def _check_options(arguments: Sequence[str]) -> Namespace:
    options = check_parser().parse_args(list(arguments))
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
    from algolint.discovery import all_rules

    rules = {rule.name: rule for rule in all_rules()}
    rule = rules.get(options.rule)
    if rule is None:
        raise UsageError(f"there is no rule {shown(options.rule)}{meant(options.rule, rules)}")
    print(pages.for_terminal(rule, _wants_color(options.color, sys.stdout)))
    return CLEAN


def _rules(arguments: Sequence[str]) -> int:
    parser = _Parser("algolint rules", formatter_class=_Help, description="List the rules.")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    options = parser.parse_args(list(arguments))
    from algolint import pages
    from algolint.discovery import all_rules

    forms = {"text": pages.table, "json": pages.as_json, "markdown": pages.as_markdown}
    print(forms[options.format](all_rules()))
    return CLEAN


def _revisions(arguments: Sequence[str]) -> int:
    parser = _Parser("algolint revisions", formatter_class=_Help, description="List the API revisions.")
    parser.parse_args(list(arguments))
    for revision in Model().revisions():
        print(f"{revision.date}  botocore {revision.version}")
    return CLEAN


def _config(arguments: Sequence[str]) -> int:
    parser = _Parser(
        "algolint config", formatter_class=_Help, description="Show the settings that hold for a file."
    )
    parser.add_argument("--show", metavar="FILE", default=".", help="the file (default: the current folder)")
    options = parser.parse_args(list(arguments))
    from algolint.config import schema

    settings = Session({}).settings_of(options.show)
    for key in schema()["properties"]:
        value, origin = settings.origin(key)
        print(f"{key} = {_as_toml(value)}  # from {origin}" if value is not None else f"# {key} is not set")
    return CLEAN


def _as_toml(value: Any) -> str:
    match value:
        case dict():
            return f"{{ {', '.join(f'{shown_key(key)} = {_as_toml(item)}' for key, item in value.items())} }}"
        case list():
            return f"[{', '.join(_as_toml(item) for item in value)}]"
        case _:
            import json

            return json.dumps(value)


def shown_key(key: str) -> str:
    """A key as TOML writes it."""
    return key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else f'"{key}"'


def _schema(arguments: Sequence[str]) -> int:
    parser = _Parser(
        "algolint schema", formatter_class=_Help, description="Print the JSON Schema of a request."
    )
    add = parser.add_argument
    add("--api-revision", metavar="REVISION", default="latest", help="latest (default), a version or a date")
    add("--shape", metavar="NAME", help="of this part of a request, such as TrainingSpecification")
    add("--config", action="store_true", help="of algolint's configuration instead")
    options = parser.parse_args(list(arguments))
    import json

    if options.config:
        from algolint.config import schema

        print(json.dumps(schema(), indent=2))
        return CLEAN
    from algolint import json_schema

    model = Model(options.api_revision)
    name = options.shape or REQUEST
    names = json_schema.names(model)
    if name not in names:
        raise UsageError(f"a request has no shape {shown(name)} at {model.revision}{meant(name, names)}")
    print(json.dumps(json_schema.schema(model, name), indent=2))
    return CLEAN


def _init(arguments: Sequence[str]) -> int:
    parser = _Parser("algolint init", formatter_class=_Help, description="Write a request to start from.")
    parser.add_argument("file", nargs="?", default="algorithm.yaml", help="where (default: algorithm.yaml)")
    options = parser.parse_args(list(arguments))
    with open(os.path.join(os.path.dirname(__file__), "starter.yaml"), encoding="utf-8") as file:
        text = file.read()
    try:
        with open(options.file, "x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{options.file} is not written: {error.strerror}") from None
    name = escaped(options.file)
    print(f"wrote {name}; fill in what stands in <...>, then run: algolint {name}")
    return CLEAN


def _completion(arguments: Sequence[str]) -> int:
    from algolint import completion

    about = "Print a completion script, for example: source <(algolint completion bash)"
    parser = _Parser("algolint completion", formatter_class=_Help, description=about)
    parser.add_argument("shell", choices=completion.SHELLS)
    options = parser.parse_args(list(arguments))
    print(completion.script(options.shell, check_parser(), sorted(_RUNNERS)))
    return CLEAN


_RUNNERS: dict[str, Callable[[Sequence[str]], int]] = {
    "check": _check,
    "explain": _explain,
    "rules": _rules,
    "revisions": _revisions,
    "config": _config,
    "schema": _schema,
    "init": _init,
    "completion": _completion,
}
