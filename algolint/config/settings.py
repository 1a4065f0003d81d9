"""The table of all settings, those of the command line and those of a configuration file.

The option parser, help and completion, the validation of configuration files, their JSON Schema and
docs/configuration.md are all derived from this table.
"""

from __future__ import annotations

from algolint.limits import LARGEST_FILE_SIZE, MAX_FILE_SIZE
from algolint.rule import EVIDENCE_KINDS, SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Format:
    """A report format. `full` and `concise` are in `reports.text`, each other one in the module of its name.

    `syntax` is what the report is written in: `text`, `json`, `json-lines`, `xml` or `html`. A file of
    `--output` with one of the `endings` selects the format.
    """

    def __init__(
        self,
        name: str,
        syntax: str,
        endings: tuple[str, ...] = (),
        *,
        is_for_people: bool = False,
        is_streamed: bool = False,
        findings_only: bool = False,
        with_edits: bool = False,
        with_fingerprints: bool = False,
    ) -> None:
        self.name = name
        self.syntax = syntax
        self.endings = endings
        #: Whether it is made by `reports.text`.
        self.is_for_people = is_for_people
        #: Whether the findings of each file are reported as soon as they are known: by `lines` of the module,
        #: before `report` is called with what is left to report.
        self.is_streamed = is_streamed
        #: Whether it has no room for unknown specs, which are then listed on standard error.
        self.findings_only = findings_only
        #: Whether it has the edits of fixes, and the fingerprints of findings.
        self.with_edits = with_edits
        self.with_fingerprints = with_fingerprints

    @property
    def module(self) -> str:
        """The name of the module that makes the report."""
        return f"algolint.reports.{'text' if self.is_for_people else self.name.replace('-', '_')}"


_FORMATS = (
    Format("full", "text", is_for_people=True, is_streamed=True),
    Format("concise", "text", is_for_people=True, is_streamed=True, findings_only=True),
    Format("json", "json", (".json",), with_edits=True),
    Format("json-lines", "json-lines", (".jsonl",), is_streamed=True, with_edits=True),
    Format("sarif", "json", (".sarif",), with_edits=True, with_fingerprints=True),
    Format("github", "text"),
    Format("gitlab", "json", findings_only=True, with_fingerprints=True),
    Format("junit", "xml", (".xml",)),
    Format("checkstyle", "xml", (".xml",), findings_only=True),
    Format("rdjson", "json", findings_only=True, with_edits=True),
    Format("html", "html", (".html", ".htm")),
)
#: The report formats by name.
FORMATS = {form.name: form for form in _FORMATS}


class Kind:
    """The values that a setting takes.

    In a configuration they have to match `schema`, a JSON Schema. On the command line the option takes one of
    `words`, or a text that `parse` converts (or raises ValueError), or else no value. `collects`: a repeated
    option adds to its earlier values. `optional`: the option's value may be left out, and is then empty.
    """

    __slots__ = ("collects", "metavar", "optional", "parse", "schema", "words")

    def __init__(
        self,
        schema: dict[str, Any],
        parse: Callable[[str], Any] | None = None,
        metavar: str | None = None,
        words: tuple[str, ...] = (),
        collects: bool = False,
        optional: bool = False,
    ) -> None:
        self.schema = schema
        self.optional = optional
        self.parse = parse
        self.metavar = metavar
        self.words = words
        self.collects = collects


class Setting:
    """A setting; `key` is its name in a configuration, and `--key` its option.

    `group` is the section of the help that lists the option, or None if there is no option. `more` is text
    for the schema and the documentation only. `adds`: the value is added to that of an extended configuration
    instead of replacing it. `implies`: defaults for other settings when this one is true.
    """

    __slots__ = (
        "about",
        "adds",
        "attribute",
        "default",
        "group",
        "implies",
        "in_file",
        "key",
        "kind",
        "more",
        "names",
    )

    def __init__(
        self,
        key: str,
        kind: Kind,
        about: str,
        group: str | None = None,
        short: str | None = None,
        in_file: bool = False,
        default: Any = None,
        more: str = "",
        adds: bool = False,
        implies: dict[str, Any] | None = None,
    ) -> None:
        self.key = key
        self.kind = kind
        self.about = about
        self.group = group
        self.in_file = in_file
        self.default = default
        self.more = more
        self.adds = adds
        self.implies = implies or {}
        self.attribute = key.replace("-", "_")
        #: The option's names, the full one last.
        self.names = (short, f"--{key}") if short else (f"--{key}",)

    @property
    def help(self) -> str:
        """The description for the help, with the default."""
        plain = self.default is None or isinstance(self.default, bool)
        return self.about if plain else f"{self.about} (default: {self.default})"

    @property
    def description(self) -> str:
        """The description for the schema and the documentation, in full sentences."""
        added = "Added to the value in an extended file." if self.adds else ""
        return " ".join(filter(None, (f"{self.help[0].upper()}{self.help[1:]}.", self.more, added)))


# ---------------------------------------------------------------- values


# The severities that a rule can be set to, and `off`.
_LEVELS = (*SEVERITIES, "off")


def _names(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(",")) if part]


def _severity(text: str) -> list[tuple[str, str]]:
    name, equals, level = text.partition("=")
    if not equals or level not in _LEVELS:
        raise ValueError(f"takes RULE=LEVEL, LEVEL one of {', '.join(_LEVELS)}; got {text!r}")
    return [(name, level)]


def _report(text: str) -> list[tuple[str, str]]:
    form, _, path = text.partition("=")
    if form not in FORMATS or not path:
        raise ValueError(f"takes FORMAT=FILE, FORMAT one of {', '.join(FORMATS)}; got {text!r}")
    return [(form, path)]


def _number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number <= 0:
        raise ValueError(f"takes a positive number; got {text!r}")
    # This much memory is allocated before standard input is read.
    return min(number, LARGEST_FILE_SIZE)


_STRING = {"type": "string"}
_STRINGS = {"type": "array", "items": _STRING}
_FLAG = Kind({"type": "boolean"})
_LIST = Kind(_STRINGS, _names, "NAMES", collects=True)
_SUPPRESSION: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["pointer", "rules"],
    "properties": {
        "path": {"description": "The files, as a .gitignore pattern (default: all).", **_STRING},
        "pointer": {
            "description": "The JSON pointer of the diagnostic; * is any one step, /** at the end all below.",
            **_STRING,
        },
        "rules": {"description": "The rules, by name or glob.", **_STRINGS},
        "reason": {"description": "The reason, for readers of the configuration.", **_STRING},
    },
}


def _text(metavar: str) -> Kind:
    return Kind(_STRING, str, metavar)


def _one_of(words: tuple[str, ...], metavar: str | None = None) -> Kind:
    return Kind({"enum": list(words)}, metavar=metavar, words=words)


def _number_of(metavar: str) -> Kind:
    return Kind({"type": "integer"}, _number, metavar)


def _table_of(values: dict[str, Any], parse: Callable[[str], Any] | None = None, metavar: str = "") -> Kind:
    return Kind({"type": "object", "additionalProperties": values}, parse, metavar, collects=True)


# ---------------------------------------------------------------- the table

_RULES, _REPORT, _FIXES, _FILES = "rules", "report", "fixes", "files and configuration"

SETTINGS = (
    Setting(
        "extend",
        _text("FILE"),
        "configuration to start from, relative to this file",
        in_file=True,
        more="What is set here replaces what is set there, except for lists and tables that add to it.",
    ),
    Setting(
        "select",
        _LIST,
        "rules to report: names, globs, families, packs, severities or ALL (default: ALL)",
        _RULES,
        in_file=True,
    ),
    Setting("ignore", _LIST, "rules to skip", _RULES, in_file=True),
    Setting("extend-select", _LIST, "rules to report in addition", _RULES, in_file=True, adds=True),
    Setting("extend-ignore", _LIST, "rules to skip in addition", _RULES, in_file=True, adds=True),
    Setting(
        "severity",
        _table_of({"enum": list(_LEVELS)}, _severity, "RULE=LEVEL"),
        "severity to report a rule with instead of its own, or off",
        _RULES,
        in_file=True,
        adds=True,
    ),
    Setting(
        "fail-on",
        _one_of(SEVERITIES),
        "lowest severity that makes the exit code 1",
        _RULES,
        in_file=True,
        default="error",
    ),
    Setting(
        "min-evidence",
        _one_of(EVIDENCE_KINDS, "KIND"),
        f"skip rules with weaker evidence; from strongest to weakest: {', '.join(EVIDENCE_KINDS)}",
        _RULES,
        in_file=True,
    ),
    Setting("show-info", _FLAG, "show info-level diagnostics", _RULES, in_file=True, default=False),
    Setting(
        "marketplace",
        _FLAG,
        "the specs are for AWS Marketplace: report one that is not certified as an error",
        _RULES,
        in_file=True,
        default=False,
        more="Also shows the info-level advice of the family marketplace.",
    ),
    Setting(
        "strict",
        _FLAG,
        "show info-level diagnostics, and exit 1 for warnings",
        _RULES,
        in_file=True,
        default=False,
        implies={"show-info": True, "fail-on": "warning"},
    ),
    Setting(
        "allow-major",
        _FLAG,
        "diff: exit 0 for breaking changes if AlgorithmName has a new major version",
        in_file=True,
        default=False,
        more="The major version is the first of the numbers that end the name: forecaster-v2-1 has 2.",
    ),
    Setting(
        "api-revision",
        _text("REVISION"),
        "API revision to lint for: latest, a botocore version or a date",
        _RULES,
        in_file=True,
        default="latest",
    ),
    Setting("region", _text("REGION"), "region that the specs are for", _RULES, in_file=True),
    Setting(
        "extra-instance-types",
        Kind(_STRINGS),
        "instance types to accept that are newer than this program",
        in_file=True,
        adds=True,
    ),
    Setting(
        "plugins",
        Kind(_STRINGS),
        "installed rule packs to use, by the name of their entry point in the group algolint.rules",
        in_file=True,
        adds=True,
    ),
    Setting(
        "rule-directories",
        Kind(_STRINGS),
        "folders of rule files to use, relative to this file",
        in_file=True,
        adds=True,
        more="Linting runs the code in them.",
    ),
    Setting(
        "per-file-ignores",
        _table_of(_STRINGS),
        "rules to skip in the files that a .gitignore pattern matches",
        in_file=True,
        adds=True,
    ),
    Setting(
        "algorithms",
        _table_of({"type": "string"}),
        "files of the algorithms that jobs use, by AlgorithmName or ARN",
        in_file=True,
        adds=True,
    ),
    Setting(
        "suppressions",
        Kind({"type": "array", "items": _SUPPRESSION}),
        "single diagnostics not to report, for files without comments such as JSON",
        in_file=True,
        adds=True,
    ),
    Setting(
        "format",
        _one_of(tuple(FORMATS), "FORMAT"),
        f"report format: {', '.join(FORMATS)} (default: full)",
        _REPORT,
    ),
    Setting("output", _text("FILE"), "write the report to a file", _REPORT, "-o"),
    Setting(
        "report",
        Kind(_STRING, _report, "FORMAT=FILE", collects=True),
        "also write a report to a file; may be repeated",
        _REPORT,
    ),
    Setting(
        "color",
        _one_of(("auto", "always", "never")),
        "color; auto means on a terminal only",
        _REPORT,
        default="auto",
    ),
    Setting("statistics", _FLAG, "count the diagnostics of each rule", _REPORT, default=False),
    Setting("quiet", _FLAG, "print only the diagnostics, no summary", _REPORT, "-q", default=False),
    Setting(
        "verbose",
        _FLAG,
        "also show the target revision and undecided checks",
        _REPORT,
        "-v",
        default=False,
    ),
    Setting(
        "fail-on-unknown",
        _FLAG,
        "exit 1 if a file could not be read, or a request or its TrainingSpecification is not known",
        _REPORT,
        default=False,
    ),
    Setting("exit-zero", _FLAG, "exit 0 even when problems are found", _REPORT, default=False),
    Setting("fix", _FLAG, "apply the safe fixes to the files and report what remains", _FIXES, default=False),
    Setting("fix-only", _FLAG, "apply the fixes and report nothing", _FIXES, default=False),
    Setting(
        "unsafe-fixes",
        _FLAG,
        "also apply fixes that may change what the service does",
        _FIXES,
        default=False,
    ),
    Setting("add-ignore", _FLAG, "write a comment that suppresses each diagnostic", _FIXES, default=False),
    Setting("diff", _FLAG, "show what the fixes would change, without writing", _FIXES, default=False),
    Setting(
        "config",
        _text("FILE"),
        "use this configuration file instead of the nearest one in the parent folders",
        _FILES,
    ),
    Setting("isolated", _FLAG, "use no configuration file", _FILES, default=False),
    Setting(
        "include",
        Kind(_STRINGS),
        "files of a folder to lint, as .gitignore patterns",
        in_file=True,
        more="Files named on the command line are always linted.",
    ),
    Setting(
        "exclude",
        Kind(_STRINGS),
        "files never to lint, as .gitignore patterns, even if named on the command line",
        in_file=True,
        adds=True,
    ),
    Setting(
        "baseline",
        _text("FILE"),
        "file of known diagnostics that are not reported",
        _FILES,
        in_file=True,
        more="Relative to this configuration.",
    ),
    Setting(
        "write-baseline",
        Kind(_STRING, str, "FILE", optional=True),
        "record current diagnostics in this baseline, or in the configured one",
        _FILES,
    ),
    Setting(
        "prune-baseline", _FLAG, "remove from the baseline what is no longer found", _FILES, default=False
    ),
    Setting("stdin-filename", _text("NAME"), "name to report for standard input", _FILES, default="<stdin>"),
    Setting("max-file-size", _number_of("BYTES"), "refuse larger files", _FILES, default=MAX_FILE_SIZE),
    Setting("jobs", _number_of("N"), "number of worker processes (default: auto)", _FILES),
    Setting("list-files", _FLAG, "list the files that would be linted", _FILES, default=False),
    Setting(
        "list-specs",
        _FLAG,
        "list the specs that are recognized, and which parts are not known",
        _FILES,
        default=False,
    ),
    Setting("version", _FLAG, "print the version", _FILES, "-V", default=False),
)
#: The settings of a configuration by key; below, those of the command line by option.
IN_FILE = {setting.key: setting for setting in SETTINGS if setting.in_file}
#: The settings that imply others.
PROFILES = tuple(setting for setting in SETTINGS if setting.implies)
OPTIONS = {name: setting for setting in SETTINGS if setting.group for name in setting.names}
