"""`algolint diff OLD NEW`: what a new release of an algorithm breaks, and for whom."""

from __future__ import annotations

import sys

from algolint.aws.model import Model
from algolint.cli.options import UsageError
from algolint.cli.parser import Help, Parser
from algolint.compare.diff import CONSUMERS, Change, bump, compare, first_party_rules
from algolint.compare.specs import Spec, SpecError, read_spec
from algolint.diagnostic import Outcome
from algolint.messages import meant, shown
from algolint.rule import SEVERITIES
from algolint.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from algolint.diagnostic import Diagnostic

_LEVELS = ("error", "warning", "info", "never")


def diff(arguments: Sequence[str]) -> int:
    """Report what changed from OLD to NEW; return the exit code."""
    options = _parser().parse_args(list(arguments))
    if options.since:
        pairs = [(f"git:{options.since}:{name}", name) for name in options.specs]
    elif len(options.specs) != 2:
        raise UsageError("give OLD and NEW, or --since REVISION and the files to compare with it")
    else:
        pairs = [(options.specs[0], options.specs[1])]
    if pairs[0] == ("-", "-"):
        raise UsageError("only one of OLD and NEW can be standard input")
    session = Session({})
    return max(_compare(options, session, old, new) for old, new in pairs)


def _compare(options: Any, session: Session, old_name: str, new_name: str) -> int:
    """Report what changed between two specs; return the exit code."""
    settings = session.settings_of(new_name if new_name != "-" else ".")
    model = Model(options.api_revision or settings.get("api-revision", "latest"))
    stdin = sys.stdin.buffer.read() if "-" in (old_name, new_name) else None
    try:
        old, new = (read_spec(name, model, stdin) for name in (old_name, new_name))
    except SpecError as error:
        if options.since:
            # A new file, or one that is not a spec, has nothing to be compared with.
            return 0
        raise UsageError(str(error)) from None
    old, new = _alike(old, new)
    changes = [*_changes(old, new, options.breaks, settings)]
    shown_changes = [c for c in changes if c.severity != "info" or options.show_info]
    if options.format == "markdown":
        print(_markdown(changes))
    else:
        _report(options, model, [_diagnostic(change, old, new) for change in shown_changes], changes)
    limit = SEVERITIES.index(options.fail_on) if options.fail_on != "never" else -1
    return int(any(SEVERITIES.index(change.severity) <= limit for change in changes))


def _parser() -> Parser:
    parser = Parser(
        "algolint diff",
        formatter_class=Help,
        description="Compare two releases of an algorithm: what breaks for the jobs, endpoints and dashboards"
        " that were made for OLD. OLD and NEW are files, - (standard input) or git:REVISION:PATH.",
    )
    add = parser.add_argument
    add("specs", metavar="OLD NEW", nargs="+")
    add("--since", metavar="REVISION", help="compare each file with its version in git instead")
    add("--format", choices=("full", "concise", "json", "sarif", "github", "markdown"), default="full")
    add("--breaks", metavar="WHO", help=f"only what breaks these, of {', '.join(CONSUMERS)}")
    add("--show-info", action="store_true", help="report additions too")
    add("--fail-on", choices=_LEVELS, default="error", help="lowest severity that makes the exit code 1")
    add("--api-revision", metavar="REVISION", help="latest (default), a version or a date")
    add("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")
    return parser


def _alike(old: Spec, new: Spec) -> tuple[Spec, Spec]:
    """The two at one shape: a whole request and a part of one are compared at the part."""
    if old.shape == new.shape:
        return old, new
    for whole, part in ((old, new), (new, old)):
        inner = whole.bound.get(part.shape) if isinstance(whole.bound, dict) else None
        if whole.shape == "CreateAlgorithmInput" and isinstance(inner, dict):
            cut = _Part(whole, part.shape)
            return (cut, new) if whole is old else (old, cut)
    raise UsageError(f"{old.name} is a {old.shape} and {new.name} a {new.shape}; they cannot be compared")


class _Part(Spec):
    """A part of a request, whose locations are those in the request."""

    __slots__ = ()

    def __init__(self, whole: Spec, field: str) -> None:
        super().__init__(whole.document, field, whole.bound[field])

    def location(self, path: Any, is_key: bool, message: str) -> Any:
        return super().location((self.shape, *path), is_key, message)


def _changes(old: Spec, new: Spec, breaks: str | None, settings: Any) -> Iterator[Change]:
    """The changes that the configuration leaves, at its severities."""
    wanted = set()
    for name in (breaks or "").split(",") if breaks else ():
        if name not in CONSUMERS:
            raise UsageError(f"--breaks: no {shown(name)}{meant(name, CONSUMERS)}")
        wanted.add(name)
    changes, raised = compare(old.bound, new.bound, new.shape, first_party_rules())
    for rule, error in raised:
        raise UsageError(f"rule {rule.name} failed: {type(error).__name__}: {error}")
    ignored = settings.get("ignore", ())
    severities = settings.get("severity", {})
    for change in changes:
        if change.rule.name in ignored or (wanted and wanted.isdisjoint(change.rule.breaks)):
            continue
        change.severity = severities.get(change.rule.name, change.severity)
        yield change


def _diagnostic(change: Change, old: Spec, new: Spec) -> Diagnostic:
    location = new.location(change.new_path, change.is_key, change.message)
    related = [old.location(path, False, note) for path, note in change.related]
    if change.old_path is not None and not related:
        related = [old.location(change.old_path, change.is_key and not change.is_gone, "in OLD")]
    return new.diagnostic(change.rule, change.severity, location, related)


def _report(options: Any, model: Model, diagnostics: list[Diagnostic], changes: list[Change]) -> None:
    import importlib

    from algolint.reports import text as report_text

    diagnostics.sort(key=lambda d: (d.location.span, d.rule.name, d.message))
    if options.format in ("full", "concise"):
        lines = report_text.concise if options.format == "concise" else report_text.full
        for line in lines(diagnostics, report_text.style_of(options.color, sys.stdout)):
            print(line)
        print(_last_line(changes))
        return
    outcome = Outcome(model)
    outcome.files = 1
    outcome.add(diagnostics)
    text = importlib.import_module(f"algolint.reports.{options.format}").report(outcome)
    if options.format == "json":
        import json

        text = json.dumps({**json.loads(text), "bump": bump(changes)}, indent=2)
    print(text)


def _last_line(changes: list[Change]) -> str:
    """What the changes come to, and the version that follows."""
    counts = {level: sum(change.severity == level for change in changes) for level in SEVERITIES}
    words = (("breaking change", "error"), ("warning", "warning"), ("addition", "info"))
    parts = [f"{counts[k]} {word}{'s' * (counts[k] != 1)}" for word, k in words if counts[k]]
    return f"{', '.join(parts) or 'no changes of the contract'}: a {bump(changes)} version"


_CHAPTERS = (("error", "Breaking changes"), ("warning", "Changed"), ("info", "New"))


def _markdown(changes: list[Change]) -> str:
    """Release notes: what breaks, what changed, what is new."""
    chapters = []
    for severity, title in _CHAPTERS:
        rows = []
        for change in changes:
            if change.severity == severity:
                who = ", ".join(name for name in CONSUMERS if name in change.rule.breaks)
                message = change.message[0].upper() + change.message[1:]
                rows.append(f"- {message}.{f' (breaks: {who})' if who and severity == 'error' else ''}")
        if rows:
            chapters.append("\n".join([f"### {title}", "", *rows]))
    return "\n\n".join(chapters) or "No changes of the contract."
