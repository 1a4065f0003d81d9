"""The rules' manual pages, rendered for a terminal, as a table, as JSON and as rules/README.md."""

from __future__ import annotations

import json
from textwrap import wrap

from algolint.config.selectors import group_of
from algolint.page import PageExample, Paragraph, parsed
from algolint.reports.evidence import sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.reports.evidence import EvidenceSource
    from algolint.rule import Rule

_BOLD, _DIM, _RED, _GREEN, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[0m"
# Text narrower than this is put below the rule's name instead of next to it.
_NARROWEST = 40
_LABELS = {
    "bad": "wrong",
    "good": "right",
    "old": "OLD",
    "new": "NEW",
    "silent": "NEW, without a finding",
    "algorithm": "the algorithm",
}


def for_terminal(rule: Rule, color: bool = False, columns: int | None = None) -> str:
    """Return a page as `algolint explain` shows it, wrapped to the width of a terminal."""

    def styled(text: str, style: str) -> str:
        return f"{style}{text}{_RESET}" if color else text

    page = parsed(rule.page)
    lines = [f"{styled(rule.name, _BOLD)}  {styled(_facts(rule), _DIM)}", "", page.summary]
    for block in page.blocks:
        lines.append("")
        match block:
            case Paragraph() if not columns or block.lines[0].startswith(("-", "*")):
                lines += block.lines
            case Paragraph():
                lines += wrap(block.text, columns or 0, break_long_words=False, break_on_hyphens=False)
            case PageExample():
                shape = block.shape(rule.on)
                word = styled(_LABELS[block.kind], _RED if block.kind in ("bad", "new") else _GREEN)
                lines.append(f"{word}{f' ({shape})' if shape else ''}:")
                lines += [f"    {line}" if line else line for line in block.text.split("\n")[:-1]]
    texts = [source.text for source in sources(rule.evidence)]
    head = [f"evidence: {texts[0]}"] if len(texts) == 1 else ["evidence:", *(f"    {t}" for t in texts)]
    lines += ["", *(styled(line, _DIM) for line in head)]
    return "\n".join(lines)


def table(rules: list[Rule], columns: int | None = None) -> str:
    """Return the rules by family or pack: name, severity, fix and summary, wrapped to a number of columns."""
    width = max(len(rule.name) for rule in rules)
    lines = []
    for group in sorted({group_of(rule) for rule in rules}):
        lines += ["", f"{group}:"]
        for rule in rules:
            if group_of(rule) == group:
                fix = {"safe": "fix", "unsafe": "fix?", None: ""}[rule.fix]
                head = f"  {rule.name:{width}}  {rule.severity:7}  {fix:4}  "
                lines += _next_to(head, rule.summary, columns)
    return "\n".join(lines[1:])


def _next_to(head: str, text: str, columns: int | None) -> list[str]:
    """Return a text next to its head, or below it if the columns do not suffice."""
    if columns is None or len(head) + len(text) <= columns:
        return [head + text]
    if columns - len(head) >= _NARROWEST:
        first, *others = wrap(text, columns - len(head))
        return [head + first, *(" " * len(head) + line for line in others)]
    return [head.rstrip(), *wrap(text, columns, initial_indent="      ", subsequent_indent="      ")]


def as_json(rules: list[Rule]) -> str:
    """Return the rules as JSON."""
    return json.dumps(
        [
            {
                "name": rule.name,
                "family": rule.family,
                "severity": rule.severity,
                "also": list(rule.also),
                "fixable": rule.fix,
                "shapes": list(rule.on),
                "evidence": rule.evidence_kind,
                "source": rule.evidence.partition(": ")[2],
                "sources": [_source(source) for source in sources(rule.evidence)],
                "replaces": list(rule.replaces),
                "summary": rule.summary,
            }
            for rule in rules
        ],
        indent=2,
    )


def _source(source: EvidenceSource) -> dict[str, object]:
    return {
        "kind": source.kind,
        "document": source.document,
        "section": source.section,
        "version": source.version,
        "executed": source.is_executed,
        "statement": source.statement,
    }


_TITLES = {
    "check": "# The rules",
    "compare": "# The rules about two specs, and about a spec and a log",
    "job": "# The rules about requests that use an algorithm",
}


def as_markdown(rules: list[Rule], kind: str = "check") -> str:
    """Return the manual of a kind of rules, which is the README.md of their folder."""
    option = "" if kind == "check" else f" --kind {kind}"
    lines = [
        _TITLES[kind],
        "",
        f"Generated from the docstrings of the rules; `algolint rules{option} --format markdown` prints it.",
        "",
        "Reports show the name of a rule; `--select` and `--ignore` take names and globs, and",
        "`algolint explain RULE` shows one page. A safe fix cannot change what the service does; an unsafe",
        "fix is only made with `--unsafe-fixes`.",
    ]
    for family in _families(rules):
        lines += [
            "",
            f"## {family.replace('_', ' ')}",
            "",
            "| rule | severity | fix | |",
            "|---|---|---|---|",
        ]
        for rule in rules:
            if rule.family == family:
                summary = rule.summary.replace("|", "\\|").replace("<", "&lt;")
                lines.append(
                    f"| [{rule.name}](#{rule.name}) | {rule.severity} | {rule.fix or ''} | {summary} |"
                )
    for rule in rules:
        lines += ["", f"### {rule.name}", "", f"*{_facts(rule)}*", "", markdown_page(rule)]
        lines += ["", f"Evidence: {rule.evidence}."]
    return "\n".join(lines)


def markdown_page(rule: Rule) -> str:
    """Return a page in Markdown, with a label before each example."""
    page = parsed(rule.page)
    lines = [page.summary]
    for block in page.blocks:
        match block:
            case Paragraph():
                lines += ["", *block.lines]
            case PageExample():
                lines += ["", label_of(rule, block), "", f"```{block.syntax}", f"{block.text}```"]
    return "\n".join(lines)


def label_of(rule: Rule, example: PageExample) -> str:
    """Return the label of an example in Markdown, such as "Wrong (`Channel`):"."""
    word, shape = _LABELS[example.kind], example.shape(rule.on)
    return f"{word[0].upper()}{word[1:]}{f' (`{shape}`)' if shape else ''}:"


def _facts(rule: Rule) -> str:
    facts = [" or ".join([rule.severity, *rule.also])]
    if rule.fix:
        facts.append(f"{rule.fix} fix")
    facts.append(rule.family.replace("_", " "))
    return ", ".join(facts)


def _families(rules: list[Rule]) -> list[str]:
    return sorted({rule.family for rule in rules})
