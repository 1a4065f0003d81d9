"""A run over many files: each is linted with its own configuration, suppressions and baseline."""

from __future__ import annotations

import os

from algolint import limits, rule_files
from algolint.aws.model import Model
from algolint.config.effective import COMMAND_LINE, Finder, Origin, Settings
from algolint.config.files import Configuration, ConfigurationError
from algolint.errors import UserError
from algolint.lazy_module import LazyModule
from algolint.linting.linter import Linter, RuleSet, Selection
from algolint.messages import meant, shown
from algolint.rule import SEVERITIES, Rule, is_of_comparison, is_of_jobs
from algolint.source import (
    MissingRequirement,
    SourceSyntaxError,
    TooLarge,
    UnreadableSource,
    read_candidate,
    read_file,
    read_settings,
)
from algolint.syntaxes import is_unrelated, may_hold_any, may_hold_job, may_hold_spec, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from typing import Any

    from algolint.config import loading
    from algolint.diagnostics.diagnostic import Diagnostic, Recognised
    from algolint.discovery import discovery
    from algolint.linting import diagnosis
    from algolint.rule import Severity
    from algolint.runs import rule_selection
    from algolint.runs.baseline import Baseline
    from algolint.source import Source
    from algolint.spec import structural_rules as structural
    from algolint.suppression.config_entries import ConfigIgnore
else:
    # Not needed for a clean file that is named on the command line.
    diagnosis = LazyModule("algolint.linting.diagnosis")
    discovery = LazyModule("algolint.discovery.discovery")
    loading = LazyModule("algolint.config.loading")
    rule_selection = LazyModule("algolint.runs.rule_selection")
    structural = LazyModule("algolint.spec.structural_rules")

ISSUES = "https://github.com/algolint/algolint/issues"


def internal_error(error: BaseException) -> str:
    """Return the message for an unexpected exception, which is a bug of algolint."""
    if isinstance(error, MemoryError):
        return "ran out of memory"
    import traceback

    from algolint.secrets.redaction import masked

    *_, frame = traceback.extract_tb(error.__traceback__)
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"
    return f"failed in {where}: {type(error).__name__}: {masked(str(error))}; please report it at {ISSUES}"


class Result:
    """The result of linting one file."""

    __slots__ = (
        "algorithms",
        "baselined",
        "before",
        "crashes",
        "diagnostics",
        "error",
        "failing",
        "fixed",
        "hint",
        "is_other",
        "is_partly_judged",
        "is_spec",
        "left",
        "may_hold_job",
        "met",
        "name",
        "note",
        "skipped",
        "source",
        "specs",
        "suppressed",
        "uncovered",
        "unlisted",
        "unproved",
        "used",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        #: Whether the file holds a spec, so that it counts as checked.
        self.is_spec = False
        #: Whether it is a named file that is not a spec, which is reported but not counted.
        self.is_other = False
        #: Whether the file has jobs whose algorithm is not known.
        self.is_partly_judged = False
        self.diagnostics: list[Diagnostic] = []
        #: How many diagnostics are at or above `fail-on`.
        self.failing = 0
        #: Findings that comments or the configuration suppress.
        self.suppressed = 0
        #: The suppressions of the configuration that had an effect, by their index there.
        self.used: set[int] = set()
        #: Findings that the baseline knows, and how many of each entry.
        self.baselined = 0
        self.met: dict[tuple[str, str, str], int] = {}
        #: The rules that an unknown value left undecided, one entry for each call.
        self.skipped: list[str] = []
        #: The specs that are partly unknown, or all specs if they are to be listed.
        self.specs: list[Recognised] = []
        #: Findings left out of the diagnostics because their rule has too many.
        self.unlisted = 0
        #: Fixes that are not offered or made because proving them would take too long.
        self.unproved = 0
        #: Findings that fixes removed, findings that they uncovered, and findings left but not reported.
        self.fixed = 0
        self.uncovered = 0
        self.left = 0
        #: Why the file could not be read.
        self.error: str | None = None
        #: Why a file of a folder was skipped. `hint` is for those that may hold a spec all the same: they
        #: need a package that is not installed, or are too large.
        self.note: str | None = None
        self.hint: str | None = None
        #: The AlgorithmName of each request in the file, and whether it may hold jobs.
        self.algorithms: list[str] = []
        self.may_hold_job = False
        #: The text if it is not in a file, and in `before` the text before fixes that are yet to be printed.
        self.source: Source | None = None
        self.before: Source | None = None
        #: Rules that raised.
        self.crashes: list[str] = []

    @property
    def was_read(self) -> bool:
        """Whether the whole file could be judged, so that these are all of its findings."""
        known = self.error is None and self.hint is None and self.note is None and not self.is_partly_judged
        return known and not any(
            diagnostic.rule is structural.invalid_syntax for diagnostic in self.diagnostics
        )

    def values(self) -> dict[str, Any]:
        """Return the attributes that are set, which are few for most files; `of` is the inverse."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) and name != "name"}

    @classmethod
    def of(cls, name: str, values: dict[str, Any]) -> Result:
        """Return the result for a file with these attributes."""
        result = cls(name)
        for attribute, value in values.items():
            setattr(result, attribute, value)
        return result


class Session:
    """Lints files one by one. Raises `UserError`.

    `remembers` is for files that are linted again after small changes, as in an editor; see `Linter`.
    """

    def __init__(
        self,
        given: dict[str, Any],
        config_file: str | None = None,
        isolated: bool = False,
        max_file_size: int = limits.MAX_FILE_SIZE,
        with_edits: bool = False,
        with_fingerprints: bool = False,
        with_baseline: bool = True,
        with_specs: bool = False,
        with_packs: bool = True,
        remembers: bool = False,
        given_by: Origin = COMMAND_LINE,
    ) -> None:
        #: The arguments for another session of the same run.
        self.arguments = (
            given,
            config_file,
            isolated,
            max_file_size,
            with_edits,
            with_fingerprints,
            with_baseline,
            with_specs,
            with_packs,
            remembers,
            given_by,
        )
        self._given = given
        self._given_by = given_by
        self._finder = Finder()
        self._fixed_configuration = (
            Configuration() if isolated else loading.load(config_file) if config_file else None
        )
        self._max_file_size = max_file_size
        self._with_edits = with_edits
        self._with_fingerprints = with_fingerprints
        self._with_baseline = with_baseline
        self._with_specs = with_specs
        self._with_packs = with_packs
        self._remembers = remembers
        self._models: dict[str, Model] = {}
        self._linters: dict[Settings, Linter] = {}
        self._packs: dict[Settings, list[Rule]] = {}
        self._settings: dict[Configuration, Settings] = {}
        #: The baselines that were read, by path.
        self.baselines: dict[str, Baseline] = {}
        self._entries: dict[Settings, list[ConfigIgnore]] = {}
        #: The files of the run, and whether the user named them.
        self.inputs: dict[str, bool] = {}
        self.ignore_work = limits.IgnoreWork()
        self._paths: frozenset[str] | None = None
        # The folders that were looked through.
        self._walked: set[str] = set()
        # The files that may hold jobs.
        self._with_jobs: set[str] = set()
        # The indexes of the suppressions that had an effect.
        self._used: dict[Settings, set[int]] = {}

    def __reduce__(self) -> tuple[type[Session], tuple[Any, ...], dict[str, Any]]:
        # A process that is not forked builds its own models and linters.
        return Session, self.arguments, {"inputs": self.inputs}

    # ------------------------------------------------------------ settings

    def settings_of(self, path: str) -> Settings:
        """Return the settings for a file, or for a folder if the path ends in a slash."""
        configuration = self._fixed_configuration or self._finder.of(path)
        if configuration not in self._settings:
            self._settings[configuration] = Settings(
                configuration, self._given, self._with_packs, self._given_by
            )
        return self._settings[configuration]

    def linter_of(self, settings: Settings) -> Linter:
        """Return the linter for these settings."""
        if settings not in self._linters:
            rules = self._rules(settings)
            self._linters[settings] = self._made_linter(
                settings,
                rules,
                selection=_selection(settings, rules),
                region=self._region(settings),
                extra_instance_types=settings.get("extra-instance-types", ()),
                with_edits=self._with_edits,
                with_fingerprints=self._with_fingerprints or self.baseline_path(settings) is not None,
                with_specs=self._with_specs,
                marketplace=settings.get("marketplace"),
                remembers=self._remembers,
                is_linted=self.is_linted,
            )
        return self._linters[settings]

    def is_linted(self, path: str) -> bool:
        """Whether a file is part of this run."""
        if self._paths is None:
            self._paths = frozenset(map(os.path.abspath, self.inputs))
        return os.path.abspath(path) in self._paths

    def _made_linter(self, settings: Settings, rules: list[Rule], **options: Any) -> Linter:
        return Linter(self.model_of(settings), rules, **options)

    def _region(self, settings: Settings) -> str | None:
        region: str | None = settings.get("region")
        if region is not None:
            from algolint.aws.regions import REGIONS

            if region not in REGIONS:
                hint = meant(region, sorted(REGIONS))
                raise settings.error("region", f"{shown(region)} is not an AWS region{hint}")
        return region

    def model_of(self, settings: Settings) -> Model:
        """Return the model of the revision that the settings target."""
        revision = settings.get("api-revision")
        if revision not in self._models:
            try:
                self._models[revision] = Model(revision)
            except UserError as error:
                raise settings.error("api-revision", str(error)) from None
        return self._models[revision]

    def rules_of(self, path: str) -> dict[str, Rule]:
        """Return the rules for a file by name."""
        return {
            rule.name: rule for rule in (*structural.RULES, *self.linter_of(self.settings_of(path)).rules)
        }

    def _first_party_rules(self) -> list[Rule]:
        return rule_files.first_party_rules()

    def _rules(self, settings: Settings) -> list[Rule]:
        rules = self._first_party_rules()
        packs = self._pack_rules(settings)
        if packs:
            rule_files.without_duplicates([*structural.RULES, *rules, *packs])
            rule_files.check_replaced([rule for rule in packs if type(rule) is Rule], rules)
        # A pack may have rules of other commands too.
        return rules + [rule for rule in packs if type(rule) is Rule]

    def _pack_rules(self, settings: Settings) -> list[Rule]:
        """Return the rules, for any command, of the folders and packs that the configuration names."""
        if settings not in self._packs:
            rules: list[Rule] = []
            if settings.with_packs:
                for layer in settings.configuration.layers("rule-directories"):
                    for directory in layer.own["rule-directories"]:
                        rules += rule_files.local_rules(os.path.join(layer.folder, directory))
                for pack in settings.get("plugins", ()):
                    rules += rule_files.installed_rules(pack)
            self._packs[settings] = rules
        return self._packs[settings]

    def comparison_rules(self, settings: Settings) -> RuleSet:
        """Return the rules of `diff` and `metrics`, including those of packs.

        Names and globs in the settings may also match rules of `check`.
        """
        from algolint.compare.diff import DiffRule
        from algolint.compare.diff import first_party_rules as diff_rules
        from algolint.compare.log_rules import RULES as LOG_RULES

        packs = [rule for rule in self._pack_rules(settings) if isinstance(rule, DiffRule)]
        others: list[Rule] = [*diff_rules(), *LOG_RULES, *packs]
        return RuleSet(others, _selection(settings, [*self._rules(settings), *others]))

    # ------------------------------------------------------------ files

    def files(
        self, paths: Iterable[str], empty: Callable[[str], None], skipped: Callable[[str, str, bool], None]
    ) -> dict[str, bool]:
        """Return the files to lint in order, each with whether the user named it.

        `empty` is called with each folder that has none, and `skipped` with each path that cannot be read,
        the reason, and whether the user named it. Afterwards `ignore_work.ended` has the .gitignore files
        that were not applied to all paths.
        """
        files: dict[str, bool] = {}
        for path in paths:
            if path != "-" and os.path.isdir(path):
                self._walked.add(os.path.abspath(path))
                names: Iterable[str] = self._below(path, skipped)
                named = False
            else:
                names, named = [path], True
            found = False
            for name in names:
                found = True
                if name not in files and not self.excludes(name):
                    files[name] = named
            if not found:
                empty(path)
        self.inputs = files
        return files

    def _below(self, folder: str, skipped: Callable[[str, str, bool], None]) -> Iterator[str]:
        def skip(name: str, why: str) -> None:
            skipped(name, why, name == folder)

        settings = self.settings_of(os.path.join(folder, ""))
        include = settings.get("include")
        if include is None:
            return discovery.files_below(folder, skip, work=self.ignore_work)
        return discovery.files_below(
            folder, skip, lambda path: settings.matches("include", path), self.ignore_work
        )

    def excludes(self, name: str) -> bool:
        """Whether the configuration excludes a file."""
        return name != "-" and self.settings_of(name).matches("exclude", name)

    def read(self, name: str, named: bool) -> Source | None:
        """Return the source of a file, or None if it cannot hold a spec and the user did not name it.

        Raises `UnreadableSource` and `SourceSyntaxError`.
        """
        if named:
            source = read_file(name, self._max_file_size)
            if self.leaves_jobs(name, source.text):
                self._with_jobs.add(name)
            return source

        def is_wanted(text: Container[str]) -> bool:
            if self.leaves_jobs(name, text):
                self._with_jobs.add(name)
            return may_hold_spec(name, text)

        return read_candidate(name, self._max_file_size, is_wanted, may_hold_any)

    def leaves_jobs(self, name: str, text: Container[str]) -> bool:
        """Whether a file may hold jobs, which a `JobSession` lints later."""
        return may_hold_job(name, text)

    def lint(
        self, name: str, named: bool, source: Source | None = None, fault: SourceSyntaxError | None = None
    ) -> Result:
        """Lint one file, which is read unless its `source`, or the `fault` met when reading it, is given.

        An unexpected exception becomes the error of this file, so that the other files are still linted.
        """
        try:
            return self._lint(name, named, source, fault)
        except (UserError, OSError):
            raise
        except Exception as error:
            result = Result(name)
            result.error = internal_error(error)
            return result

    def without_spec(self, name: str) -> Result | None:
        """Return the result of a file of a folder that holds no spec.

        None for a file that has to be linted: also for one that cannot be read, since `lint` reports why.
        """
        self.linter_of(self.settings_of(name))
        try:
            return self.begun(name) if self.read(name, named=False) is None else None
        except Exception:
            return None

    def begun(self, name: str) -> Result:
        """Return the empty result of a file that was read."""
        result = Result(name)
        result.may_hold_job = name in self._with_jobs
        return result

    def _lint(self, name: str, named: bool, source: Source | None, fault: SourceSyntaxError | None) -> Result:
        result = Result(name)
        settings = self.settings_of(name)
        linter = self.linter_of(settings)
        try:
            if fault is not None:
                raise fault
            source = source or self.read(name, named)
            result.may_hold_job = name in self._with_jobs
            if source is None:
                return result
            linted = linter.lint_source(source, named)
        except UnreadableSource as error:
            if named:
                result.error = str(error)
            elif isinstance(error, (MissingRequirement, TooLarge)):
                result.hint = str(error)
            else:
                result.note = str(error)
            return result
        except SourceSyntaxError as error:
            if not named:
                result.note = error.message
            if not named or error.source is None or is_unrelated(error.source):
                return result
            linted = linter.syntax_error(error.source, error)
        if linted.is_spec:
            result.is_spec = True
            result.is_other = linted.is_other
            self._report(result, linted.diagnostics, source, settings, linter)
        result.skipped = linted.skipped
        result.specs = linted.specs
        result.unlisted = linted.unlisted
        result.unproved += linted.unproved
        result.algorithms = linted.algorithms
        result.crashes = [str(crash) for crash in linted.crashes]
        return result

    def reported(self, name: str, found: list[Diagnostic]) -> list[Diagnostic]:
        """Return the diagnostics to report for a spec that is not in a file."""
        result = Result(name)
        settings = self.settings_of(name)
        self._report(result, found, None, settings, self.linter_of(settings), with_baseline=False)
        return result.diagnostics

    def compared(self, name: str, source: Source, found: list[Diagnostic], rules: RuleSet) -> Result:
        """Return what is reported of the diagnostics of `rules`, at the configured severities.

        Unused and malformed comments are not reported, because the comments serve other commands as well.
        """
        result = Result(name)
        kept = []
        for diagnostic in found:
            level = rules.selection.level(diagnostic.rule, diagnostic.severity)
            if level is not None:
                diagnostic.severity = level
                kept.append(diagnostic)
        quiet = RuleSet(rules.rules, rules.selection.without(_comment_rules()))
        self._report(result, kept, source, self.settings_of(name), quiet, with_baseline=False)
        return result

    def _report(
        self,
        result: Result,
        found: list[Diagnostic],
        source: Source | None,
        settings: Settings,
        linter: Linter | RuleSet,
        with_baseline: bool = True,
    ) -> None:
        """Fill in the diagnostics that suppressions and the baseline leave."""
        ignored = self._ignored_in(result.name, settings, linter)
        found = [diagnostic for diagnostic in found if diagnostic.rule.name not in ignored]
        if found:
            found = diagnosis.without_misspelt(found)
        if source is not None and syntax_of(source).comments and "algolint:" in source.text:
            from algolint.suppression.settle import settle

            rules = {rule.name: rule for rule in (*structural.RULES, *linter.rules)}
            # A comment may be for a value that a hole of the text hides.
            selection = linter.selection.without(ignored | _comment_rules() if source.holes else ignored)
            settled = settle(source, found, selection, rules)
            found, result.suppressed = settled.kept, settled.suppressed
            result.unproved = settled.unproved
            if self._shares_comments(source):
                for diagnostic in found:
                    if diagnostic.rule is structural.unused_suppression:
                        diagnostic.fix = None
        if settings.get("suppressions"):
            found = self._without_suppressed(result, found, settings)
        baseline = self.baseline_of(settings) if with_baseline else None
        if baseline is not None:
            found, result.met = baseline.filter(result.name, found)
            result.baselined = sum(result.met.values())
        result.diagnostics = found
        self.count_failing(result)

    def count_failing(self, result: Result) -> None:
        """Count the diagnostics of a result that are at or above `fail-on`."""
        fail_on: Severity = self.settings_of(result.name).get("fail-on")
        failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        result.failing = sum(diagnostic.severity in failing for diagnostic in result.diagnostics)

    def _shares_comments(self, source: Source) -> bool:
        """Whether the comments of a file may be for findings of another session."""
        return may_hold_job(source.name, source.text)

    def _without_suppressed(
        self, result: Result, found: list[Diagnostic], settings: Settings
    ) -> list[Diagnostic]:
        """Return the diagnostics that the configuration's suppressions leave, and count the others."""
        from algolint.suppression.config_entries import by_pointer

        entries = self.entries_of(settings)
        here = [
            entry
            for entry, (layer, row) in zip(entries, _suppressions(settings), strict=True)
            if "path" not in row or layer.matches([row["path"]], result.name)
        ]
        kept, suppressed, unused = by_pointer(found, here)
        result.suppressed += suppressed
        effective = set(here).difference(unused)
        result.used = {number for number, entry in enumerate(entries) if entry in effective}
        self._used.setdefault(settings, set()).update(result.used)
        return kept

    def entries_of(self, settings: Settings) -> list[ConfigIgnore]:
        """Return the suppressions of the configuration. Raises `ConfigurationError`."""
        if not settings.get("suppressions"):
            return []
        if settings not in self._entries:
            from algolint.suppression.config_entries import ConfigIgnore

            try:
                entries = [
                    ConfigIgnore(row["pointer"], row["rules"], row.get("reason", ""))
                    for _, row in _suppressions(settings)
                ]
            except ValueError as error:
                raise settings.configuration.error(str(error), "suppressions") from None
            self._entries[settings] = entries
        return self._entries[settings]

    # ------------------------------------------------------------ baselines

    def baseline_path(self, settings: Settings) -> str | None:
        """Return the path of the baseline: relative to the configuration's folder if that names it.

        None if there is none, which an empty name also means.
        """
        path: str | None = settings.get("baseline") or None
        if path is None or settings.origin("baseline") is self._given_by:
            return path
        return os.path.join(settings.configuration.layers("baseline")[-1].folder, path)

    def baseline_at(self, path: str) -> Baseline:
        """Return the baseline in a file. Raises `ConfigurationError` and FileNotFoundError."""
        if path not in self.baselines:
            from algolint.runs import baseline

            try:
                text = read_settings(
                    path, named=path == self._given.get("baseline"), max_size=limits.MAX_BASELINE_SIZE
                )
                self.baselines[path] = baseline.read(text, path)
            except FileNotFoundError:
                raise
            except OSError as error:
                raise ConfigurationError(f"baseline {path}: {error.strerror}") from None
            except (UnreadableSource, UnicodeDecodeError) as error:
                raise ConfigurationError(f"baseline {path}: {error}") from None
            except ValueError as error:
                raise ConfigurationError(str(error)) from None
        return self.baselines[path]

    def baseline_of(self, settings: Settings) -> Baseline | None:
        """Return the baseline that the settings name, if any. Raises `ConfigurationError`."""
        path = self.baseline_path(settings) if self._with_baseline else None
        try:
            return self.baseline_at(path) if path is not None else None
        except FileNotFoundError as error:
            hint = "create it with --write-baseline"
            raise ConfigurationError(f"baseline {path}: {error.strerror}; {hint}") from None

    def take_in(self, result: Result) -> None:
        """Record which baseline entries and suppressions had an effect in another process or session."""
        settings = self.settings_of(result.name)
        if result.used:
            self._used.setdefault(settings, set()).update(result.used)
        baseline = self.baseline_of(settings)
        if baseline is not None:
            baseline.add_found(result.name, result.met)

    def hidden_rules(self, name: str) -> frozenset[str]:
        """Return the rules whose findings in a file are not all reported."""
        from algolint.suppression.settle import fully_enabled

        settings = self.settings_of(name)
        linter = self.linter_of(settings)
        rules = (*structural.RULES, *linter.rules)
        selection = linter.selection.without(self._ignored_in(name, settings, linter))
        return frozenset(rule.name for rule in rules) - fully_enabled(rules, selection)

    def unused_suppressions(self, linted: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the configuration's suppressions that had no effect, as (origin, message).

        A suppression may be for a file that was not linted. So it is only judged if a linted file matches its
        `path`, or if the whole folder of its configuration was searched.
        """
        linted = list(linted)
        for settings in dict.fromkeys(self.settings_of(name) for name in linted):
            rows = _suppressions(settings)
            used = self._used.get(settings, set())
            entries = self.entries_of(settings)
            where = str(settings.origin("suppressions")) if len(used) < len(entries) else ""
            for number, entry in enumerate(entries):
                # Suppressions for other commands are not judged here.
                others = all(is_of_comparison(rule) or is_of_jobs(rule) for rule in entry.rules)
                if number not in used and not others and self._could_be_used(*rows[number], linted):
                    yield where, f"the suppression of {', '.join(entry.rules)} at {entry.pointer} is unused"

    def _could_be_used(self, layer: Configuration, row: dict[str, Any], linted: list[str]) -> bool:
        if "path" in row and any(layer.matches([row["path"]], name) for name in linted):
            return True
        return self._walks(layer.folder)

    def _walks(self, folder: str) -> bool:
        """Whether the run looks through a whole folder."""
        folder = os.path.join(folder, "")
        return any(folder.startswith(os.path.join(walked, "")) for walked in self._walked)

    def walks_all(self, name: str) -> bool:
        """Whether the run looks through all that the baseline of a file, or its configuration, is about."""
        settings = self.settings_of(name)
        baseline = self.baseline_path(settings)
        return self._walks(
            os.path.dirname(os.path.abspath(baseline)) if baseline else settings.configuration.folder
        )

    def _ignored_in(self, name: str, settings: Settings, linter: Linter | RuleSet) -> set[str]:
        """Return the rules that `per-file-ignores` turns off for a file."""
        if not settings.get("per-file-ignores"):
            return set()
        return rule_selection.ignored_in(name, (*structural.RULES, *linter.rules), settings)


def _comment_rules() -> frozenset[str]:
    """Return the names of the rules about the comments of a file."""
    return frozenset((structural.unused_suppression.name, structural.malformed_suppression.name))


def _suppressions(settings: Settings) -> list[tuple[Configuration, dict[str, Any]]]:
    """Return the suppressions, each with the configuration that defines it."""
    layers = settings.configuration.layers("suppressions")
    return [(layer, row) for layer in layers for row in layer.own["suppressions"]]


# The settings, besides `select`, that decide which rules report and at which severity.
_SELECTING = ("ignore", "extend-select", "extend-ignore", "severity", "min-evidence", "marketplace")


def _selection(settings: Settings, rules: list[Rule]) -> Selection:
    """Return the selection that the settings make among the structural rules and `rules`."""
    show_info = settings.get("show-info") or settings.get("fail-on") == "info"
    if settings.get("select") is None and not any(settings.get(key) for key in _SELECTING):
        return Selection(None, {}, show_info)
    return rule_selection.selected([*structural.RULES, *rules], settings, show_info)
