"""`algolint diff OLD NEW`: what a new release of an algorithm breaks, and who is affected."""

from __future__ import annotations

import os
from contextlib import suppress

from algolint import lacks
from algolint.aws.model import REQUEST
from algolint.cli.comparison import Run, parse, parser_of, quickly_shared
from algolint.cli.options import Options
from algolint.compare.diff import (
    CONSUMERS,
    SHAPES,
    DiffRule,
    bump,
    compare,
    is_new_major,
    is_written,
    uncompared,
)
from algolint.compare.masking import mask_secrets
from algolint.compare.matching import Matching, caption
from algolint.compare.specs import (
    NoSpec,
    Spec,
    SpecError,
    check_revision,
    read_specs,
    read_standard_input,
)
from algolint.config.settings import FORMATS
from algolint.diagnostic import Recognised, named_parts
from algolint.errors import UserError
from algolint.messages import counted, meant, printed, shown
from algolint.rule import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from algolint.aws.model import Model
    from algolint.cli.parser import Parser
    from algolint.compare.diff import Change
    from algolint.compare.metrics import Reading
    from algolint.diagnostic import Diagnostic
    from algolint.values import Path

_MARKDOWN = "markdown"


def diff(arguments: Sequence[str]) -> int:
    """Report what changed from OLD to NEW; return the exit code."""
    options = _options_of(arguments)
    _check_specs(options)
    _check_consumers(options)
    _check_revision(options)
    run = _Run(options, options.specs[0 if options.since else 1])
    pairs = _pairs(run)
    run.check_files(name for pair in pairs for name in pair)
    run.outcome.more.update(bump=None, added=[], removed=[])
    reports = [report for pair in pairs for report in _compare(run, *pair)]
    if options.format == _MARKDOWN:
        titles = [f"## {_in_markdown(report.title)}\n\n" * (len(reports) > 1) for report in reports]
        notes = (title + _notes(report) for title, report in zip(titles, reports, strict=True))
        run.write("\n\n".join(notes) + "\n")
    found = [diagnostic.severity for report in reports for diagnostic in report.found]
    run.outcome.more["bump"] = bump(found, not run.outcome.specs)
    return run.end()


class _Options(Options):
    """The options of `diff`."""

    specs: Sequence[str]
    log: list[str] | None = None
    since: str | None = None
    breaks: list[str] | None = None


class _Run(Run):
    """A run of `diff`."""

    options: _Options
    #: Whether a log from standard input has been read, which is possible once.
    has_read_log = False


def _options_of(arguments: Sequence[str]) -> _Options:
    options = _Options()
    # Without arguments the completion is asking for the parser, or they were forgotten.
    shared = quickly_shared(arguments) if arguments else None
    if shared is None:
        parse(_parser(), arguments, options)
    else:
        vars(options).update(vars(shared), specs=shared.paths)
    if options.format is None and (options.output or "").lower().endswith(".md"):
        options.format = _MARKDOWN
    return options


def _check_specs(options: _Options) -> None:
    if len(options.specs) != 2 and not (options.since and options.specs):
        raise UserError("give OLD and NEW, or --since REVISION and the files to compare with it")
    if [*options.specs, *{*(options.log or ())}].count("-") > 1:
        raise UserError("only one of OLD, NEW and --log can be standard input")


def _pairs(run: _Run) -> list[tuple[str, str]]:
    """Return the names of each OLD and NEW to compare."""
    options = run.options
    if options.since:
        return [(f"git:{options.since}:{name}", name) for name in run.files_in(options.specs)]
    return [(options.specs[0], options.specs[1])]


def _check_consumers(options: _Options) -> None:
    for name in options.breaks or ():
        if name not in CONSUMERS:
            raise UserError(f"--breaks: no consumer {shown(name)}{meant(name, CONSUMERS)}")


def _check_revision(options: _Options) -> None:
    if options.since:
        try:
            check_revision(options.since)
        except SpecError as error:
            raise UserError(f"--since: {error}") from None


class _Report:
    """What changed between two specs, and the parts that could not be compared."""

    __slots__ = ("found", "title", "unknown")

    def __init__(self, found: list[Diagnostic], unknown: list[_NotCompared], title: str) -> None:
        self.found = found
        self.unknown = unknown
        #: Which specs they are, if not the only ones.
        self.title = title

    @property
    def version(self) -> str | None:
        """The version that follows, or None if that depends on what is not known."""
        return bump((diagnostic.severity for diagnostic in self.found), not self.unknown)


class _NotCompared(Recognised):
    """A spec of which a part of the contract is not known, or not valid."""

    __slots__ = ("_invalid", "_side")

    def __init__(self, spec: Spec, side: str, paths: list[Path]) -> None:
        line, column = spec.document.source.position(spec.document.locate(())[0])
        unknown = "TrainingSpecification" if ("TrainingSpecification",) in paths else ""
        parts = ["/".join(map(str, path)) for path in paths]
        super().__init__(spec.name, line, column, spec.shape, unknown, parts)
        self._side = side
        self._invalid = ["/".join(map(str, path)) for path in paths if is_written(spec.written, path)]

    @property
    def message(self) -> str:
        if self.unknown and not self._invalid:
            return f"nothing is known of {self._side}'s {self.unknown}"
        texts = []
        hidden = [part for part in self.parts if part not in self._invalid]
        if hidden:
            texts.append(f"not all is known of {self._side}'s {named_parts(hidden)}")
        if self._invalid:
            are = "is" if len(self._invalid) == 1 else "are"
            texts.append(f"{self._side}'s {named_parts(self._invalid)} {are} not valid")
        return "; ".join(texts)


def _compare(run: _Run, old_name: str, new_name: str) -> list[_Report]:
    """Report what changed between the specs of two files; nothing if there is nothing to compare with."""
    old, new = _versions(run, old_name, new_name)
    if not old and not new:
        return []
    matching = Matching(old, new)
    if not matching.pairs and not run.options.since:
        only = "; ".join(map(caption, (*matching.removed, *matching.added)))
        raise UserError(f"no spec of OLD has a name of one of NEW, so nothing can be compared: {only}")
    mask_secrets(run.model_of(new_name), *old[:1], *new[:1])
    is_one = len(old) == len(new) == 1
    reports = []
    for before, after in matching.pairs:
        name = f"{caption(after)}, compared with {caption(before)}"
        if is_one:
            name = printed(new_name) if run.options.since else ""
        reports.append(_compare_specs(run, new_name, *_alike(before, after), name))
    for spec in matching.removed:
        run.sum_up(f"{caption(spec)}: only in OLD, not compared", is_note=True)
    for spec in matching.added:
        run.sum_up(f"{caption(spec)}: only in NEW, not compared", is_note=True)
    for key, specs in (("removed", matching.removed), ("added", matching.added)):
        run.outcome.more[key] = [*run.outcome.more.get(key, ()), *map(_entry, specs)]
    return reports


def _compare_specs(run: _Run, file: str, old: Spec, new: Spec, name: str) -> _Report:
    """Report what changed between two specs; the last line begins with `name`."""
    rules = [rule for rule in run.rules_of(file).rules if isinstance(rule, DiffRule)]
    readings = _readings(run, old, new)
    changes, raised = compare(old.bound, new.bound, new.shape, rules, readings)
    for rule, exception in raised:
        run.failed(new.name, rule, exception)
    wanted = set(run.options.breaks or ())
    asked = {shape for rule in rules for shape in rule.on if not wanted or not wanted.isdisjoint(rule.breaks)}
    hidden = uncompared(old.bound, new.bound, new.shape, (old.written, new.written), asked)
    sides = zip((old, new), ("OLD", "NEW"), hidden, strict=True)
    unknown = [_NotCompared(spec, side, paths) for spec, side, paths in sides if paths]
    run.outcome.specs += unknown
    if not run.options.since:
        run.outcome.errors += [(one.path, one.message) for one in unknown if one.unknown]
    found = [
        _diagnostic(change, old, new)
        for change in changes
        if not wanted or not wanted.isdisjoint(change.rule.breaks)
    ]
    failing = run.outcome.failing
    kept = run.add(file, new, found)
    if run.settings_of(file).get("allow-major") and is_new_major(old.bound, new.bound):
        run.outcome.failing = failing
    report = _Report(kept, unknown, name)
    is_selected = run.settings_of(file).get("select") is not None
    run.sum_up(_last_line(report, name, run.options.breaks, is_selected), is_note=bool(unknown))
    return report


def _entry(spec: Spec) -> dict[str, Any]:
    """Return the entry of a spec that was not compared in the JSON report."""
    line, column = spec.document.source.position(spec.document.locate(())[0])
    return {"path": spec.name, "line": line, "column": column}


def _versions(run: _Run, old_name: str, new_name: str) -> tuple[list[Spec], list[Spec]]:
    """Return the specs of two files; with --since, a file that is new, deleted or not a spec has none."""
    model = run.model_of(new_name)
    if not run.options.since:
        stdin = read_standard_input() if "-" in (old_name, new_name) else None
        return _releases(old_name, model, stdin), _releases(new_name, model, stdin)
    old: list[Spec] = []
    new: list[Spec] = []
    failure = None
    try:
        new = _releases(new_name, model)
    except NoSpec:
        if not run.is_named(new_name):
            # As most files of a folder; git need not be asked for each.
            return [], []
    except SpecError as error:
        failure = error
    with suppress(SpecError):
        old = _releases(old_name, model)
    if failure is not None and bool(old) == os.path.lexists(new_name):
        # It is in neither place, or it is not known what the change breaks.
        raise failure
    return old, new


def _releases(name: str, model: Model, stdin: bytes | None = None) -> list[Spec]:
    """Return the specs of a file that can be compared, at least one. Raises `SpecError`."""
    specs = read_specs(name, model, stdin)
    found = [spec for spec in specs if spec.shape in SHAPES and not _lacks_training(spec)]
    if found:
        return found
    if _lacks_training(specs[0]):
        raise NoSpec(f"{name}: the request has no TrainingSpecification, so nothing can be compared")
    raise NoSpec(f"{name}: specs of {specs[0].shape} alone cannot be compared")


def _lacks_training(spec: Spec) -> bool:
    is_request = spec.shape == REQUEST and isinstance(spec.bound, dict)
    return is_request and lacks(spec.bound, "TrainingSpecification")


def _readings(run: _Run, old: Spec, new: Spec) -> dict[str, Reading] | None:
    """Return what each Regex that only one of the specs has reads from the logs."""
    if not run.options.log:
        return None
    from algolint.compare import log
    from algolint.compare.metrics import Reading, readings_of
    from algolint.compare.scan import read

    before, after = ({reading.pattern for reading in readings_of(spec.bound)} for spec in (old, new))
    readings = {pattern: Reading(pattern, pattern) for pattern in before ^ after}
    logs = [name for name in run.options.log if readings or name != "-"]
    if "-" in logs:
        if run.has_read_log:
            why = "standard input can be read once, and several specs have another Regex"
            raise UserError(f"--log -: {why}; save the log to a file")
        run.has_read_log = True
    read([*readings.values()], log.blocks_of(logs))
    return readings


def _parser() -> Parser:
    about = (
        "Compare two releases of an algorithm, and report what breaks the jobs, endpoints and dashboards"
        " made for OLD. OLD and NEW are files, - (standard input) or git:REVISION:PATH."
    )
    parser = parser_of("diff", about, (*FORMATS, _MARKDOWN), "allow-major", "fail-on-unknown")
    add = parser.add_argument
    add("specs", metavar="OLD NEW", nargs="*")
    add("--log", metavar="FILE", action="append", help="a training log to try changed Regexes on; repeatable")
    add(
        "--since",
        metavar="REVISION",
        help="compare each file, or the files of a folder, with its version in git instead",
    )
    who = f"report only what breaks these consumers: {', '.join(CONSUMERS)}"
    add("--breaks", metavar="WHO", type=lambda text: text.split(","), help=who)
    return parser


def _alike(old: Spec, new: Spec) -> tuple[Spec, Spec]:
    """Return the two specs at the same shape: a request is cut to the part that the other one is."""
    if old.shape == new.shape:
        return old, new
    for whole, part in ((old, new), (new, old)):
        inner = whole.bound.get(part.shape) if isinstance(whole.bound, dict) else None
        if whole.shape == REQUEST and isinstance(inner, dict):
            cut = _Part(whole, part.shape)
            return (cut, new) if whole is old else (old, cut)
    raise UserError(
        f"{old.name} has a spec of {old.shape} and {new.name} of {new.shape}; they cannot be compared"
    )


class _Part(Spec):
    """A part of a request, with locations in the request."""

    __slots__ = ()

    def __init__(self, whole: Spec, field: str) -> None:
        super().__init__(whole.document, field, whole.written[field], whole.bound[field])
        self.label = whole.label

    def location(self, path: Any, is_key: bool, message: str) -> Any:
        return super().location((self.shape, *path), is_key, message)


def _diagnostic(change: Change, old: Spec, new: Spec) -> Diagnostic:
    location = new.location(change.new_path, change.is_key, change.message)
    related = [old.location(path, False, note) for path, note in change.related]
    if change.old_path is not None and not related:
        related = [
            old.location(change.old_path, change.is_key and not change.is_gone, f"in {old.label or 'OLD'}")
        ]
    return new.diagnostic(change.rule, change.severity, location, related)


def _last_line(report: _Report, name: str, consumers: list[str] | None, is_selected: bool) -> str:
    """Return the line that sums up the changes and names the kind of version that they require."""
    counts = {level: sum(d.severity == level for d in report.found) for level in SEVERITIES}
    words = (("breaking change", "error"), ("warning", "warning"), ("addition", "info"))
    changes = ", ".join(counted(counts[k], word) for word, k in words if counts[k])
    unknown = "".join(f"; {spec.message}" for spec in report.unknown)
    nothing = "no changes in what is known" if unknown else "no changes to the contract"
    version = f": a {report.version} version" if report.version else "; no version follows"
    start = f"{name}: " if name else ""
    end = f" for {', '.join(consumers)}" if consumers else ""
    # A selection that is meant for `check` may have few rules of this command, or none.
    end += " by the selected rules" if is_selected else ""
    return f"{start}{changes or nothing}{unknown}{version}{end}"


_CHAPTERS = (("error", "Breaking changes"), ("warning", "Changed"), ("info", "New"))


def _notes(report: _Report) -> str:
    """Return release notes: breaking changes, other changes and additions."""
    chapters = []
    for severity, title in _CHAPTERS:
        rows = []
        for diagnostic in report.found:
            if diagnostic.severity == severity:
                breaks = getattr(diagnostic.rule, "breaks", ())
                who = ", ".join(name for name in CONSUMERS if name in breaks)
                text = diagnostic.location.text
                message = _in_markdown(text[0].upper() + text[1:])
                end = "" if message.endswith("?") else "."
                rows.append(f"- {message}{end}{f' (breaks: {who})' if who and severity == 'error' else ''}")
        if rows:
            chapters.append("\n".join([f"### {title}", "", *rows]))
    if report.unknown:
        rows = [f"- {_in_markdown(spec.message[0].upper() + spec.message[1:])}." for spec in report.unknown]
        chapters.append("\n".join(["### Not compared", "", *rows]))
    return "\n\n".join(chapters) or "No changes to the contract."


def _in_markdown(text: str) -> str:
    """Return a text with all Markdown markup escaped."""
    import re

    # An underscore between letters is not markup.
    return re.sub(r"[\\`*\[\]<>&|#]|(?<!\w)_|_(?!\w)", r"\\\g<0>", text)
