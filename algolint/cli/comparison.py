"""What `diff` and `metrics` share: options, the selection of findings, and the report."""

from __future__ import annotations

from algolint.cli.check import CLEAN, FAILED, PROBLEMS
from algolint.cli.options import Options, check_together, given, quickly_parsed
from algolint.cli.report import Report, note, note_errors, tell
from algolint.config.effective import SettingsFinder
from algolint.config.settings import FORMATS, IN_FILE, OPTIONS, SETTINGS
from algolint.errors import UserError
from algolint.linting.linter import RuleSet
from algolint.runs.comparison_session import ComparisonSession
from algolint.runs.outcome import Outcome
from algolint.secrets.redaction import masked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from algolint.aws.model import Model
    from algolint.cli.parser import Parser
    from algolint.compare.specs import Spec
    from algolint.config.effective import Settings
    from algolint.diagnostic import Diagnostic
    from algolint.rule import Rule

# The settings of `check` that these commands take too.
_SHARED = frozenset(
    "select ignore extend-select extend-ignore severity min-evidence show-info strict fail-on exit-zero"
    " api-revision output report color quiet config isolated".split()
)


def parser_of(command: str, description: str, formats: Sequence[str], *more: str) -> Parser:
    """Return a parser with the shared options and those of the settings in `more`."""
    from algolint.cli.parser import Help, Parser, add_option

    parser = Parser(f"algolint {command}", formatter_class=Help, description=description, allow_abbrev=False)
    groups = {group: parser.add_argument_group(group) for group in ("rules", "report", "files")}
    for setting in SETTINGS:
        if setting.key in _SHARED or setting.key in more:
            add_option(groups[(setting.group or "rules").partition(" ")[0]], setting)
    help_text = f"report format: {', '.join(formats)} (default: full)"
    groups["report"].add_argument("--format", choices=formats, metavar="FORMAT", help=help_text)
    return parser


def parse(parser: Parser, arguments: Sequence[str], options: Options) -> None:
    """Set the options from the arguments; those that the command does not have are at their defaults."""
    # Options that are not given are left to the configuration.
    vars(options).update((setting.attribute, None) for setting in IN_FILE.values())
    parser.parse_args(list(arguments), namespace=options)


def quickly_shared(arguments: Sequence[str]) -> Options | None:
    """Return the options without loading argparse, if all are valid and shared with `check`; else None."""
    names = {argument.partition("=")[0] for argument in arguments if argument[:1] == "-" and argument != "-"}
    if not all(name in OPTIONS and OPTIONS[name].key in _SHARED for name in names):
        return None
    return quickly_parsed(arguments)


class Run:
    """The session and the report of a command."""

    def __init__(self, options: Options, name: str) -> None:
        check_together(options)
        self.options = options
        settings = SettingsFinder(given(options), options.config, options.isolated)
        self.session = ComparisonSession(settings, with_baseline=False)
        self.outcome = Outcome(self.model_of(name))
        self._report = Report(_of_report(options))
        # In GitHub Actions the lines are printed beside the annotations.
        is_usual = options.format in (None, "full")
        self._is_for_people = is_usual and (not options.output or self._report.is_full)
        # The command prints a format of its own.
        self._is_own_format = options.format not in (None, *FORMATS)
        self._rule_sets: dict[Settings, RuleSet] = {}

    def check_files(self, named: Iterable[str]) -> None:
        """Raise `UserError` if a report would overwrite a spec."""
        self._report.check_files(named)

    def files_in(self, paths: Iterable[str]) -> list[str]:
        """Return the files that are named or in named folders, without those that the settings exclude."""
        self.session.inputs.find(paths, empty=lambda _: None, skipped=_refuse)
        return [*self.session.inputs.files]

    def is_named(self, name: str) -> bool:
        """Whether the user named a file, and not only the folder that it is in."""
        return self.session.inputs.files.get(name, True)

    def settings_of(self, name: str) -> Settings:
        """Return the settings for a spec; for standard input, those of the current folder."""
        return self.session.settings.of(_file_of(name))

    def model_of(self, name: str) -> Model:
        """Return the model of the revision that the settings for a spec target."""
        return self.session.model_of(self.settings_of(name))

    def rules_of(self, name: str) -> RuleSet:
        """Return the rules and the selection for a spec."""
        settings = self.settings_of(name)
        if settings not in self._rule_sets:
            self._rule_sets[settings] = self.session.comparison_rules(settings)
        return self._rule_sets[settings]

    def add(self, name: str, spec: Spec, found: list[Diagnostic]) -> list[Diagnostic]:
        """Report the selected findings of a spec, and return all that are not suppressed."""
        kept = self.kept(name, spec, found)
        selection = self.rules_of(name).selection
        shown = [d for d in kept if selection.level(d.rule, d.severity) is not None]
        self.outcome.add(shown, self._report.keeps)
        if not self._is_own_format:
            self._report.add(shown)
        return kept

    def kept(self, name: str, spec: Spec, found: list[Diagnostic]) -> list[Diagnostic]:
        """Count the findings of a spec, and return those that are not suppressed, with info-level ones."""
        rules = self.rules_of(name)
        everything = RuleSet(rules.rules, rules.selection.with_info())
        found.sort(key=lambda d: (d.location.span, d.rule.name, d.message))
        result = self.session.compared(_file_of(name), spec.document.source, found, everything)
        if spec.name not in self.outcome.names:
            # It may have several specs.
            self.outcome.files += 1
            self.outcome.names.append(spec.name)
        self.outcome.suppressed += result.suppressed
        self.outcome.failing += self.session.failing(result)
        return result.diagnostics

    def failed(self, name: str, rule: Rule, error: Exception) -> None:
        """Record that a rule raised; the other rules have run."""
        message = masked(f"rule {rule.name} failed: {type(error).__name__}: {error}")
        self.outcome.errors.append((name, message))

    def write(self, text: str) -> None:
        """Print a report in a format of the command's own, or write it to the file of --output."""
        self._report.write(text)

    def print(self, lines: Iterator[str], is_wanted: bool = False) -> None:
        """Print lines of the report for people.

        Beside a report for programs, those that the user asked for are printed on standard error.
        """
        if (self._is_for_people or is_wanted) and not self.options.quiet:
            for line in lines:
                if self._is_for_people:
                    self._report.write(f"{line}\n")
                else:
                    tell(line)

    def sum_up(self, line: str, is_note: bool) -> None:
        """Print the line that sums up a comparison.

        Beside a report for programs one that `is_note` is printed, on standard error.
        """
        if self._is_for_people:
            self.print(iter((line,)))
        elif is_note:
            note(f"algolint: {line}")

    def end(self) -> int:
        """Report what is left, and return the exit code."""
        self._report.end(self.outcome)
        note_errors(self.outcome.errors)
        if self.outcome.errors:
            return FAILED
        is_failing = self.outcome.failing > 0 or (self.options.fail_on_unknown and bool(self.outcome.specs))
        return PROBLEMS if is_failing and not self.options.exit_zero else CLEAN


def _refuse(path: str, why: str, named: bool) -> None:
    if named:
        raise UserError(f"{path}: {why}")


def _of_report(options: Options) -> Options:
    """Return the options for the report, without the summary of `check` and the command's own formats."""
    copy = Options()
    form = options.format if options.format in (None, *FORMATS) else "concise"
    vars(copy).update(vars(options), quiet=True, format=form)
    return copy


def _file_of(name: str) -> str:
    """Return the file whose settings apply to a spec that is given by name."""
    if name.startswith("git:"):
        return name.split(":", 2)[-1]
    return "." if name == "-" else name
