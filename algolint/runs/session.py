"""Linting files with their settings: the rules, severities, suppressions and baseline for each."""

from __future__ import annotations

import os

from algolint import limits, rule_files
from algolint.aws.model import Model
from algolint.config.files import ConfigurationError
from algolint.errors import UserError, internal_error
from algolint.lazy_module import LazyModule
from algolint.linting.linter import Linter, RuleSet, Selection
from algolint.messages import meant, shown
from algolint.rule import SEVERITIES, Rule
from algolint.runs.inputs import Inputs
from algolint.source import (
    MissingRequirement,
    SourceSyntaxError,
    TooLarge,
    UnreadableSource,
    read_candidate,
    read_file,
)
from algolint.syntaxes import is_unrelated, may_hold_any, may_hold_job, may_hold_spec, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from typing import Any

    from algolint.config.effective import Settings, SettingsFinder
    from algolint.diagnostic import Diagnostic, Recognised
    from algolint.linting import diagnosis
    from algolint.rule import Severity
    from algolint.runs import rule_selection
    from algolint.runs.baseline import Baseline
    from algolint.runs.fixing import Fixes
    from algolint.source import Source
    from algolint.spec import structural_rules as structural
    from algolint.suppression.config_entries import ConfigIgnores
else:
    # Not needed for a clean file that is named on the command line.
    diagnosis = LazyModule("algolint.linting.diagnosis")
    rule_selection = LazyModule("algolint.runs.rule_selection")
    structural = LazyModule("algolint.spec.structural_rules")


# The settings, besides `select`, that decide which rules report and at which severity.
_SELECTING = ("ignore", "extend-select", "extend-ignore", "severity", "min-evidence", "marketplace")
# With no more files, preparing the quicker test for words of a spec takes longer than it saves: 1.1 % of a
# clean run in a repository.
_FEW_FILES = 8


class Result:
    """The result of linting one file."""

    __slots__ = (
        "algorithms",
        "baselined",
        "crashes",
        "diagnostics",
        "error",
        "fixes",
        "hint",
        "is_other",
        "is_partly_judged",
        "is_spec",
        "may_hold_job",
        "name",
        "note",
        "skipped",
        "source",
        "specs",
        "suppressed",
        "unlisted",
        "unproved",
        "used_ignores",
    )

    def __init__(self, name: str, may_hold_job: bool = False) -> None:
        self.name = name
        #: See `LinterResult`; at most one of the two is true.
        self.is_spec = False
        self.is_other = False
        #: Whether the file has jobs whose algorithm is not known.
        self.is_partly_judged = False
        self.diagnostics: list[Diagnostic] = []
        #: Findings that comments or the configuration suppress.
        self.suppressed = 0
        #: The suppressions of the configuration that had an effect, by their index there.
        self.used_ignores: set[int] = set()
        #: How many findings of each entry of the baseline there are.
        self.baselined: dict[tuple[str, str, str], int] = {}
        #: The rules that an unknown value left undecided, one entry for each call.
        self.skipped: list[str] = []
        #: The specs that are partly unknown, or all specs if they are to be listed.
        self.specs: list[Recognised] = []
        #: Findings left out of the diagnostics because their rule has too many.
        self.unlisted = 0
        #: Fixes that are not offered or made because proving them would take too long.
        self.unproved = 0
        #: What fixing the file did, if that was tried.
        self.fixes: Fixes | None = None
        #: Why the file could not be read.
        self.error: str | None = None
        #: Why a file of a folder was skipped. `hint` is for those that may hold a spec all the same: they
        #: need a package that is not installed, or are too large.
        self.note: str | None = None
        self.hint: str | None = None
        #: The AlgorithmName of each request in the file.
        self.algorithms: list[str] = []
        #: Whether the file may hold jobs, which a `JobSession` lints later.
        self.may_hold_job = may_hold_job
        #: The text if it is not in a file.
        self.source: Source | None = None
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
    """Lints files, each with its own settings, suppressions and baseline.

    Its methods raise `UserError` for settings that cannot be used. Larger files than `max_file_size` bytes
    are not read. Diagnostics have edits and fingerprints, and results all specs, if requested; without
    `with_baseline` known findings are reported too. `remembers` is for files that are linted again after
    small changes, as in an editor; see `Linter`.
    """

    #: What files are searched for, for people.
    sought = "algorithm specs"

    def __init__(
        self,
        settings: SettingsFinder,
        max_file_size: int = limits.MAX_FILE_SIZE,
        with_edits: bool = False,
        with_fingerprints: bool = False,
        with_specs: bool = False,
        with_baseline: bool = True,
        remembers: bool = False,
    ) -> None:
        #: The arguments of another session for the same run.
        self.arguments = (
            settings,
            max_file_size,
            with_edits,
            with_fingerprints,
            with_specs,
            with_baseline,
            remembers,
        )
        #: Finds the settings of a file.
        self.settings = settings
        self._max_file_size = max_file_size
        self._with_edits = with_edits
        self._with_fingerprints = with_fingerprints
        self._with_specs = with_specs
        self._with_baseline = with_baseline
        self._remembers = remembers
        self._models: dict[str, Model] = {}
        self._linters: dict[Settings, Linter] = {}
        self._packs: dict[Settings, list[Rule]] = {}
        self._ignores: dict[Settings, ConfigIgnores] = {}
        #: The baselines that were read, by path.
        self.baselines: dict[str, Baseline] = {}
        #: The files of the run.
        self.inputs = Inputs(settings)

    def __reduce__(self) -> tuple[type[Session], tuple[Any, ...], dict[str, Any]]:
        # A process that is not forked builds its own models and linters.
        return Session, self.arguments, {"inputs": self.inputs}

    # ------------------------------------------------------------ settings

    def linter_of(self, settings: Settings) -> Linter:
        """Return the linter for these settings."""
        if settings not in self._linters:
            rules = self._rules(settings)
            self._linters[settings] = self._made_linter(
                settings,
                rules,
                selection=self._selection(settings, rules),
                region=self._region(settings),
                extra_instance_types=settings.get("extra-instance-types", ()),
                with_edits=self._with_edits,
                with_fingerprints=self._with_fingerprints or settings.path("baseline") is not None,
                with_specs=self._with_specs,
                marketplace=settings.get("marketplace"),
                remembers=self._remembers,
                is_linted=self.inputs.has,
            )
        return self._linters[settings]

    def _made_linter(self, settings: Settings, rules: list[Rule], **options: Any) -> Linter:
        return Linter(self.model_of(settings), rules, **options)

    def _region(self, settings: Settings) -> str | None:
        region: str | None = settings.get("region")
        if region is not None:
            from algolint.aws.region_table import REGIONS

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
            rule.name: rule for rule in (*structural.RULES, *self.linter_of(self.settings.of(path)).rules)
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
                # A file and the one that it extends may name the same folder.
                folders = (os.path.normpath(path) for _, path in settings.paths("rule-directories"))
                for folder in dict.fromkeys(folders):
                    rules += rule_files.local_rules(folder)
                for pack in settings.get("plugins", ()):
                    rules += rule_files.installed_rules(pack)
            self._packs[settings] = rules
        return self._packs[settings]

    def _selection(self, settings: Settings, rules: list[Rule]) -> Selection:
        """Return the selection that the settings make among the structural rules and `rules`."""
        show_info = settings.get("show-info") or settings.get("fail-on") == "info"
        if settings.get("select") is None and not any(settings.get(key) for key in _SELECTING):
            return Selection(None, {}, show_info)
        return rule_selection.selected([*structural.RULES, *rules], settings, show_info)

    # ------------------------------------------------------------ files

    def read(self, name: str, named: bool) -> tuple[Source | None, bool]:
        """Return the source of a file, and whether it may hold jobs.

        The source is None if the file cannot hold a spec and the user did not name it. Raises
        `UnreadableSource` and `SourceSyntaxError`.
        """
        if named:
            source = read_file(name, self._max_file_size)
            return source, self._may_hold_job(name, source.text)
        holds_job = False

        def is_wanted(text: Container[str]) -> bool:
            nonlocal holds_job
            holds_job = self._may_hold_job(name, text)
            return may_hold_spec(name, text)

        quick = may_hold_any if len(self.inputs.files) > _FEW_FILES else None
        return read_candidate(name, self._max_file_size, is_wanted, quick), holds_job

    def _may_hold_job(self, name: str, text: Container[str]) -> bool:
        """Whether a file may hold jobs, which a `JobSession` lints later."""
        return may_hold_job(name, text)

    def lint(
        self, name: str, named: bool, source: Source | None = None, fault: SourceSyntaxError | None = None
    ) -> Result:
        """Lint a file. It is read unless its `source`, or the `fault` found when reading it, is given.

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
        """Return the result of a file in a folder that certainly contains no spec.

        None if the file has to be linted, also if it cannot be read, because `lint` reports the reason.
        """
        self.linter_of(self.settings.of(name))
        try:
            source, holds_job = self.read(name, named=False)
            return Result(name, holds_job) if source is None else None
        except Exception:
            return None

    def _lint(self, name: str, named: bool, source: Source | None, fault: SourceSyntaxError | None) -> Result:
        result = Result(name)
        settings = self.settings.of(name)
        linter = self.linter_of(settings)
        try:
            if fault is not None:
                raise fault
            if source is not None:
                result.may_hold_job = self._may_hold_job(name, source.text)
            else:
                source, result.may_hold_job = self.read(name, named)
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
        result.is_spec, result.is_other = linted.is_spec, linted.is_other
        if linted.is_spec or linted.is_other:
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
        settings = self.settings.of(name)
        self._report(result, found, None, settings, self.linter_of(settings))
        return result.diagnostics

    def _report(
        self,
        result: Result,
        found: list[Diagnostic],
        source: Source | None,
        settings: Settings,
        linter: Linter | RuleSet,
    ) -> None:
        """Fill in the diagnostics that suppressions and, for a file, the baseline leave."""
        ignored = self.ignored_in(result.name, settings, linter)
        found = [diagnostic for diagnostic in found if diagnostic.rule.name not in ignored]
        if found:
            found = diagnosis.without_misspelt(found)
        if source is not None and syntax_of(source).comments and "algolint:" in source.text:
            from algolint.suppression.settle import settle

            rules = {rule.name: rule for rule in (*structural.RULES, *linter.rules)}
            # A comment may be for a value that a hole of the text hides.
            selection = linter.selection.without(ignored | comment_rules() if source.holes else ignored)
            settled = settle(source, found, selection, rules, settings.with_packs)
            found, result.suppressed = settled.kept, settled.suppressed
            result.unproved = settled.unproved
            if self._shares_comments(source):
                for diagnostic in found:
                    if diagnostic.rule is structural.unused_suppression:
                        diagnostic.fix = None
        ignores = self.ignores_of(settings)
        if ignores is not None:
            count = len(found)
            found, result.used_ignores = ignores.filter(result.name, found)
            result.suppressed += count - len(found)
        baseline = self.baseline_of(settings) if source is not None else None
        if baseline is not None:
            found, result.baselined = baseline.filter(result.name, found)
        result.diagnostics = found

    def failing(self, result: Result) -> int:
        """Return how many diagnostics of a result are at or above `fail-on`."""
        fail_on: Severity = self.settings.of(result.name).get("fail-on")
        failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return sum(diagnostic.severity in failing for diagnostic in result.diagnostics)

    def _shares_comments(self, source: Source) -> bool:
        """Whether the comments of a file may be for findings of another session."""
        return may_hold_job(source.name, source.text)

    # ------------------------------------------------------------ suppressions and baselines

    def ignores_of(self, settings: Settings) -> ConfigIgnores | None:
        """Return the suppressions of the configuration, if it has any. Raises `ConfigurationError`."""
        if not settings.get("suppressions"):
            return None
        if settings not in self._ignores:
            from algolint.suppression.config_entries import ConfigIgnores

            self._ignores[settings] = ConfigIgnores(settings)
        return self._ignores[settings]

    def baseline_of(self, settings: Settings) -> Baseline | None:
        """Return the baseline that the settings name, if any. Raises `ConfigurationError`."""
        path = settings.path("baseline") if self._with_baseline else None
        if path is None:
            return None
        if path not in self.baselines:
            from algolint.runs import baseline

            try:
                self.baselines[path] = baseline.load(path, named=settings.is_given("baseline"))
            except FileNotFoundError as error:
                hint = "create it with --write-baseline"
                raise ConfigurationError(f"baseline {path}: {error.strerror}; {hint}") from None
        return self.baselines[path]

    def take_in(self, result: Result) -> None:
        """Record which baseline entries and suppressions had an effect in another process or session."""
        settings = self.settings.of(result.name)
        ignores = self.ignores_of(settings)
        if ignores is not None:
            ignores.used |= result.used_ignores
        baseline = self.baseline_of(settings)
        if baseline is not None:
            baseline.add_found(result.name, result.baselined)

    def unused_suppressions(self, linted: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the configurations' suppressions that had no effect, as (origin, message)."""
        linted = list(linted)
        unused: dict[tuple[str, str], None] = {}
        # A suppression in a file that others extend may have an effect through one of them only.
        effective: set[tuple[str, str]] = set()
        for settings in dict.fromkeys(self.settings.of(name) for name in linted):
            ignores = self.ignores_of(settings)
            if ignores is not None:
                unused |= dict.fromkeys(ignores.unused(linted, self.inputs.walks))
                effective |= ignores.effective()
        yield from (row for row in unused if row not in effective)

    def ignored_in(self, name: str, settings: Settings, linter: Linter | RuleSet) -> set[str]:
        """Return the rules that `per-file-ignores` turns off for a file."""
        if not settings.get("per-file-ignores"):
            return set()
        return rule_selection.ignored_in(name, (*structural.RULES, *linter.rules), settings)


def comment_rules() -> frozenset[str]:
    """Return the names of the rules about the comments of a file."""
    return frozenset((structural.unused_suppression.name, structural.malformed_suppression.name))
